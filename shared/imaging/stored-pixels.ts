import { AppError } from '../kernel/errors.ts';
import type { DecodeWarning } from './decode-warning.ts';

/** How the samples of a file are stored, in DICOM's words; PNG and JPEG files are described in the same way. */
export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Of the decoded samples: codecs that convert colours give RGB whatever the file says. */
  readonly photometricInterpretation: string;
  readonly frames: number;
  readonly transferSyntax?: string | undefined;
}

export type IntegerSamples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;
export type Samples = IntegerSamples | Float32Array | Float64Array;

/** The stored values of one frame before any LUT: row-major, the samples of a pixel side by side, unused bits removed. */
export interface StoredPixels extends PixelDescription {
  readonly samples: Samples;
  readonly warnings?: readonly DecodeWarning[] | undefined;
}

/** Well above any single radiograph; beyond it stands a hostile header, not a picture. */
export const maxPixels = 40_000_000;

/** Called with the size a header claims, before anything of that size is allocated. */
export function checkSize(columns: number, rows: number): void {
  if (!(columns > 0 && rows > 0))
    throw new AppError('image.damaged', `a picture of ${columns} × ${rows} pixels`);
  if (columns * rows > maxPixels) {
    throw new AppError('image.too-large', `${columns} × ${rows} pixels exceed ${maxPixels}`);
  }
}
