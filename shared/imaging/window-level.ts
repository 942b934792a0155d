// The grey transformations of a DICOM image as functions of one value: PS3.3 C.11.1 (modality LUT), C.11.2 (VOI LUT and
// windows). They are evaluated once for every stored value, not for every pixel, so clarity goes before speed here.

/** A LUT of PS3.3 C.11.1.1.1 / C.11.2.1.1; values outside map to the first and the last entry. */
export interface LookupTable {
  readonly firstMapped: number;
  readonly bitsPerEntry: number;
  readonly entries: Uint16Array;
}

export type ModalityLut =
  | { readonly kind: 'linear'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'table'; readonly table: LookupTable };

export type WindowFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface Window {
  readonly kind: 'window';
  readonly center: number;
  readonly width: number;
  readonly function: WindowFunction;
}

export type VoiLut = Window | { readonly kind: 'table'; readonly table: LookupTable };

export function lookUp(table: LookupTable, value: number): number {
  const index = Math.min(table.entries.length - 1, Math.max(0, Math.round(value) - table.firstMapped));
  return table.entries[index] ?? 0;
}

export function applyModality(lut: ModalityLut, stored: number): number {
  return lut.kind === 'table' ? lookUp(lut.table, stored) : lut.slope * stored + lut.intercept;
}

/** 0 … 1 */
export function applyVoi(voi: VoiLut, value: number): number {
  if (voi.kind === 'table') return Math.min(1, lookUp(voi.table, value) / (2 ** voi.table.bitsPerEntry - 1));
  return applyWindow(voi, value);
}

/** C.11.2.1.2.1 for LINEAR, C.11.2.1.3.1 for SIGMOID, C.11.2.1.3.2 for LINEAR_EXACT, each with the output range 0 … 1. */
function applyWindow({ center, width, function: shape }: Window, value: number): number {
  if (shape === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  const [middle, range] = shape === 'LINEAR' ? [center - 0.5, width - 1] : [center, width];
  if (value <= middle - range / 2) return 0;
  if (value > middle + range / 2) return 1;
  return (value - middle) / range + 0.5;
}

/** LINEAR needs a width of at least 1, the others more than 0; files with width 0 exist. */
export function isUsableWindow(window: Window): boolean {
  const { center, width } = window;
  return (
    Number.isFinite(center) &&
    Number.isFinite(width) &&
    (window.function === 'LINEAR' ? width >= 1 : width > 0)
  );
}

/** Without a VOI LUT: the whole range of the values that occur, linearly. A flat picture comes out black. */
export function fullRange(min: number, max: number): Window {
  return { kind: 'window', center: (min + max) / 2, width: max - min, function: 'LINEAR_EXACT' };
}
