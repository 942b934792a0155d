import type { PixelSpacing, SpacingSource } from '../../../shared/imaging/pixel-spacing.ts';
import type { RegionStatistics } from '../../../shared/imaging/pixel-values.ts';
import { angleOn, lengthOn, squareGrid } from './geometry.ts';
import { type Measurement, type MeasureTool, regionOf } from './measurement.ts';

export const toolNames: Readonly<Record<MeasureTool, string>> = {
  ruler: 'Ruler',
  angle: 'Angle',
  rectangle: 'Rectangle',
  probe: 'Probe',
};

/** What the worker said of the pixels; `none`: there are none of the picture. Undefined: not yet. */
export type MeasuredValues = RegionStatistics | number | 'none' | undefined;

const sourceWords: Readonly<Record<SpacingSource, string>> = {
  patient: 'in the patient, as the file was calibrated',
  estimated: 'in the patient, estimated from the magnification that the file states',
  detector: 'at the detector; in the patient it is smaller',
  film: 'on the scanned film',
  unstated: 'as the file says, which does not say whether at the detector or in the patient',
};

/** What a length on this picture means, as one sentence. */
export function spacingInWords(spacing: PixelSpacing | undefined): string {
  return spacing === undefined
    ? 'The file does not say how large a pixel is, so lengths are in pixels.'
    : `Lengths are in millimetres ${sourceWords[spacing.source]}.`;
}

/** Few digits where the values are large, more where they are fractions. */
export function valueInWords(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

function lengthInWords(pixels: number, mm: number | undefined): string {
  return mm === undefined ? `${pixels.toFixed(1)} pixels` : `${mm.toFixed(1)} mm`;
}

export interface MeasuredWords {
  /** Beside it on the picture. */
  readonly short: string;
  /** In the list, and aloud. */
  readonly long: string;
}

/** @param measurement also one that is still being drawn, with fewer points */
export function inWords(
  { kind, points }: Pick<Measurement, 'kind' | 'points'>,
  spacing: PixelSpacing | undefined,
  values: MeasuredValues,
): MeasuredWords {
  switch (kind) {
    case 'ruler':
      return rulerWords(points, spacing);
    case 'angle':
      return angleWords(points, spacing);
    case 'rectangle':
      return rectangleWords(points, spacing, values);
    case 'probe':
      return probeWords(points, values);
  }
}

const nothing: MeasuredWords = { short: '', long: '' };
const both = (words: string): MeasuredWords => ({ short: words, long: words });

function rulerWords([from, to]: Measurement['points'], spacing: PixelSpacing | undefined): MeasuredWords {
  if (from === undefined || to === undefined) return nothing;
  const mm = spacing && lengthOn(spacing, from, to);
  return both(lengthInWords(lengthOn(squareGrid, from, to), mm));
}

function angleWords([a, corner, b]: Measurement['points'], spacing: PixelSpacing | undefined): MeasuredWords {
  if (a === undefined || corner === undefined || b === undefined) return nothing;
  const degrees = angleOn(spacing ?? squareGrid, a, corner, b);
  return degrees === undefined ? nothing : both(`${degrees.toFixed(1)}°`);
}

function rectangleWords(
  points: Measurement['points'],
  spacing: PixelSpacing | undefined,
  values: MeasuredValues,
): MeasuredWords {
  if (points.length < 2) return nothing;
  const { left, top, right, bottom } = regionOf(points);
  const [columns, rows] = [right - left + 1, bottom - top + 1];
  const size =
    spacing === undefined
      ? `${columns} × ${rows} pixels`
      : `${(columns * spacing.columnMm).toFixed(1)} × ${(rows * spacing.rowMm).toFixed(1)} mm`;
  if (values === undefined) return { short: '…', long: `${size}, being measured` };
  if (values === 'none' || typeof values === 'number') return both(`${size}, no values here`);
  const { mean, deviation, min, max, count } = values;
  const middle = `mean ${valueInWords(mean)}, deviation ${valueInWords(deviation)}`;
  return {
    short: middle,
    long: `${middle}, from ${valueInWords(min)} to ${valueInWords(max)}, ${count} pixels, ${size}`,
  };
}

function probeWords([at]: Measurement['points'], values: MeasuredValues): MeasuredWords {
  if (at === undefined) return nothing;
  const place = `column ${Math.floor(at.x) + 1}, row ${Math.floor(at.y) + 1}`;
  if (values === undefined) return { short: '…', long: place };
  if (typeof values !== 'number') return { short: 'no value', long: `no value at ${place}` };
  const value = valueInWords(values);
  return { short: value, long: `value ${value} at ${place}` };
}
