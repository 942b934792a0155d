import { AppError } from '../kernel/errors.ts';
import { chromaOf } from './chroma.ts';
import type { LoadCodec } from './codecs/codec-binaries.ts';
import { thrownAsError } from './codecs/thrown-as-error.ts';
import type { DecodeWarning } from './decode-warning.ts';
import { openDicom } from './dicom-file.ts';
import { grayOfDicom } from './dicom-gray.ts';
import { readDicomHeader, type DicomHeader } from './dicom-header.ts';
import { readStoredPixels } from './dicom-pixels.ts';
import type { GrayImage } from './gray-image.ts';
import { detectFormat, type ImageFormat } from './image-format.ts';
import { decodeJpegFile } from './jpeg-file.ts';
import { decodePngFile } from './png-file.ts';
import { withSquarePixels } from './pixel-aspect.ts';
import type { StoredPixels } from './stored-pixels.ts';

export interface DecodedImage {
  /** As displayed: upright, with square pixels, 0 black, 1 white. */
  readonly image: GrayImage;
  readonly format: ImageFormat;
  /** As the file holds it: of other size than `image` where pixels are not square or EXIF turns the picture. */
  readonly stored: StoredPixels;
  /** How colourful the picture is, 0 grey … 1; a radiograph is grey even when its file is in colour. */
  readonly chroma: number;
  /** DICOM only. */
  readonly header?: DicomHeader;
  readonly warnings: readonly DecodeWarning[];
}

export interface DecodeOptions {
  /** Counted from 0. */
  readonly frame?: number;
}

/**
 * One picture from the bytes of a file, the same in the browser and in Node. Throws `AppError` with a code `image.*`.
 * `frame` counts the frames of a DICOM file from 0; `image.no-such-frame` beyond them.
 * Keeps nothing: `bytes` stays the caller's, and decodes may run at the same time.
 */
export async function decodeImage(
  bytes: Uint8Array,
  loadCodec: LoadCodec,
  { frame = 0 }: DecodeOptions = {},
): Promise<DecodedImage> {
  if (bytes.length === 0) throw new AppError('image.empty', 'the file has no bytes');
  const format = detectFormat(bytes);
  switch (format) {
    case 'dicom':
      return decodeDicom(bytes, loadCodec, frame);
    case 'jpeg':
      checkFrame(frame, 1);
      return { ...(await decodeJpegFile(bytes, loadCodec)), format, warnings: [] };
    case 'png':
      checkFrame(frame, 1);
      return { ...decodePngFile(bytes), format, warnings: [] };
    case undefined:
      throw new AppError('image.unknown-format', 'neither DICOM nor JPEG nor PNG');
  }
}

async function decodeDicom(bytes: Uint8Array, loadCodec: LoadCodec, frame: number): Promise<DecodedImage> {
  try {
    return await readDicom(bytes, loadCodec, frame);
  } catch (thrown) {
    // dicom-parser's readers of values throw strings and, at what they do not expect, TypeErrors.
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('image.damaged', 'the DICOM file is cut or damaged', { cause: thrownAsError(thrown) });
  }
}

async function readDicom(bytes: Uint8Array, loadCodec: LoadCodec, frame: number): Promise<DecodedImage> {
  const file = openDicom(bytes);
  const stored = await readStoredPixels(file, frame, loadCodec);
  const header = readDicomHeader(file, stored);
  const pixels = grayOfDicom(stored, header);
  const image = withSquarePixels({ width: stored.columns, height: stored.rows, pixels }, header.pixelAspect);
  return {
    image,
    format: 'dicom',
    stored,
    chroma: chromaOf(stored, header.palette),
    header,
    warnings: [...(stored.warnings ?? []), ...frameWarnings(stored.frames)],
  };
}

function checkFrame(frame: number, frames: number): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < frames) return;
  throw new AppError('image.no-such-frame', `frame ${frame} of ${frames}`);
}

function frameWarnings(frames: number): readonly DecodeWarning[] {
  return frames === 1 ? [] : [{ code: 'image.first-frame-only', detail: `the first of ${frames}` }];
}
