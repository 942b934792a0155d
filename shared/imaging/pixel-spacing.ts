// How large a pixel is, PS3.3 10.7. In a projection radiograph that is not one number: the detector's pixels have a size
// (Imager Pixel Spacing), the patient in front of it is magnified, and only a calibration says by how much.

/** The text of an element, all its values; undefined where the file has none. */
export type ValueOf = (tag: number) => string | undefined;

/**
 * What the millimetres refer to. `patient`: a slice, or calibrated with an object of known size or by the geometry.
 * `estimated`: at the detector, divided by the stated magnification. `detector`: larger than the patient. `film`: on the
 * scanned film. `unstated`: the file gives a size and not where it applies.
 */
export type SpacingSource = 'patient' | 'estimated' | 'detector' | 'film' | 'unstated';

/** Distance between the centres of neighbouring pixels. */
export interface PixelSpacing {
  /** From row to row: downwards. */
  readonly rowMm: number;
  /** From column to column: to the right. */
  readonly columnMm: number;
  readonly source: SpacingSource;
}

type Pair = readonly [rowMm: number, columnMm: number];

const pixelSpacing = 0x00280030;
const calibrationType = 0x00280a02;
const imagerPixelSpacing = 0x00181164;
const scannedPixelSpacing = 0x00182010;
const magnificationFactor = 0x00181114;

/** Modalities whose pictures are projections (PS3.3 C.7.3.1.1.1); of all others Pixel Spacing is that of the patient. */
const projections: ReadonlySet<string> = new Set([
  'CR',
  'DX',
  'RG',
  'RF',
  'XA',
  'MG',
  'IO',
  'PX',
  'OT',
  'SC',
  'XC',
]);

/** A pixel of a radiograph is 0.02 to 0.4 mm; a slip by a factor of a hundred is no size. */
const smallestMm = 0.001;
const largestMm = 50;
/** Source to detector over source to patient: 1.05 to 1.3 of a chest. */
const largestMagnification = 10;

/** Undefined where the file gives no usable size; a ruler then counts pixels. */
export function readPixelSpacing(valueOf: ValueOf): PixelSpacing | undefined {
  const stated = readPair(valueOf, pixelSpacing);
  const imager = readPair(valueOf, imagerPixelSpacing);
  const scanned = readPair(valueOf, scannedPixelSpacing);
  const atDevice = imager ?? scanned;
  // PS3.3 10.7.1.3: a Pixel Spacing that differs from the device's own has been calibrated.
  const isCalibrated =
    (valueOf(calibrationType) ?? '') !== '' || (atDevice !== undefined && !isSame(stated, atDevice));
  if (stated !== undefined && (isCalibrated || !isProjection(valueOf))) return spacing(stated, 'patient');
  if (imager !== undefined) {
    const factor = readMagnification(valueOf);
    if (factor === undefined) return spacing(imager, 'detector');
    return spacing([imager[0] / factor, imager[1] / factor], 'estimated');
  }
  if (scanned !== undefined) return spacing(scanned, 'film');
  return stated === undefined ? undefined : spacing(stated, 'unstated');
}

function isProjection(valueOf: ValueOf): boolean {
  const modality = valueOf(0x00080060);
  return modality === undefined || modality === '' || projections.has(modality);
}

function spacing([rowMm, columnMm]: Pair, source: SpacingSource): PixelSpacing {
  return { rowMm, columnMm, source };
}

/** Two decimal strings, rows first (PS3.3 10.7.1.1). One alone, zero or less, or absurd: as if it were not there. */
function readPair(valueOf: ValueOf, tag: number): Pair | undefined {
  const [row, column] = (valueOf(tag) ?? '').split('\\').map((text) => Number.parseFloat(text));
  return isLength(row) && isLength(column) ? [row, column] : undefined;
}

function isLength(value: number | undefined): value is number {
  return value !== undefined && value >= smallestMm && value <= largestMm;
}

/** More than 1: what is no magnification corrects nothing. */
function readMagnification(valueOf: ValueOf): number | undefined {
  const factor = Number.parseFloat(valueOf(magnificationFactor) ?? '');
  return factor > 1 && factor <= largestMagnification ? factor : undefined;
}

/** Decimal strings are rounded by who writes them. */
function isSame(a: Pair | undefined, b: Pair): boolean {
  if (a === undefined) return true;
  return a.every((value, index) => Math.abs(value - b[index]!) <= 1e-4 * value);
}
