// A JPEG or PNG picture drawn anew as a grey PNG, upright and with its masks: for those whose bytes cannot stay as they
// are.

import { encode } from 'fast-png';
import type { DecodedImage } from '../decode-image.ts';
import type { Mask } from './deidentify-options.ts';
import { insidePicture } from './paint-masks.ts';

/** 16 bits where the file had more than 8. @throws AppError `deidentify.bad-mask` */
export function redrawPicture(
  { image, stored }: Pick<DecodedImage, 'image' | 'stored'>,
  masks: readonly Mask[],
): Uint8Array<ArrayBuffer> {
  const { width, height, pixels } = image;
  const depth = stored.bitsStored > 8 ? 16 : 8;
  const scale = 2 ** depth - 1;
  const data = depth === 16 ? new Uint16Array(pixels.length) : new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 1) data[at] = Math.round((pixels[at] ?? 0) * scale);
  for (const mask of masks) {
    const { x, y, right, bottom } = insidePicture(mask, width, height);
    for (let row = y; row < bottom; row += 1) data.fill(0, row * width + x, row * width + right);
  }
  return new Uint8Array(encode({ width, height, data, channels: 1, depth }, { zlib: { level: 6 } }));
}
