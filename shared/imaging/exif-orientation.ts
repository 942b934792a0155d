// EXIF orientation: tag 0112 of IFD0 in a TIFF structure (CIPA DC-008 4.6.2, 4.6.4). The value says which side of the
// stored picture the first row and the first column are; no decoder here applies it.

import type { GrayImage } from './gray-image.ts';

const orientationTag = 0x0112;

/** 1 … 8; 1, which means "as stored", where the structure is absent or damaged. `exif` starts at the TIFF header. */
export function readOrientation(exif: Uint8Array | undefined): number {
  if (exif === undefined || exif.length < 14) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const littleEndian = view.getUint8(0) === 0x49;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > exif.length) return 1;
  const entries = view.getUint16(directory, littleEndian);
  for (
    let entry = directory + 2;
    entry < directory + 2 + 12 * entries && entry + 12 <= exif.length;
    entry += 12
  ) {
    if (view.getUint16(entry, littleEndian) !== orientationTag) continue;
    const value = view.getUint16(entry + 8, littleEndian);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turns a stored picture upright. Orientations 5 to 8 exchange rows and columns. */
export function applyOrientation(image: GrayImage, orientation: number): GrayImage {
  if (orientation === 1) return image;
  const { width, height, pixels } = image;
  const transposed = orientation >= 5;
  const mirrorX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const mirrorY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const outWidth = transposed ? height : width;
  const outHeight = transposed ? width : height;
  const out = new Float32Array(pixels.length);
  for (let row = 0, write = 0; row < outHeight; row += 1) {
    for (let column = 0; column < outWidth; column += 1, write += 1) {
      const x = transposed ? row : column;
      const y = transposed ? column : row;
      out[write] = pixels[(mirrorY ? height - 1 - y : y) * width + (mirrorX ? width - 1 - x : x)] ?? 0;
    }
  }
  return { width: outWidth, height: outHeight, pixels: out };
}
