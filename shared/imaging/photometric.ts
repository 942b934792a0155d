// Grey from colour: luma of ITU-R BT.601, Y = 0.299 R + 0.587 G + 0.114 B, in the 16-bit fixed point of Pillow's
// convert('L'), so that a colour picture gives the value that the training saw. Of YBR_FULL the luma is Y itself
// (PS3.3 C.7.6.3.1.2); YBR_PARTIAL has black at 16 and white at 235.

import { AppError } from '../kernel/errors.ts';
import type { Samples, StoredPixels } from './stored-pixels.ts';

/** The luma of samples of which the first three of every `stride` are R, G and B, each in 0 … `max`; result 0 … 1. */
export function lumaOfRgb(samples: Samples, stride: number, max: number): Float32Array {
  const gray = new Float32Array(Math.trunc(samples.length / stride));
  for (let pixel = 0, at = 0; pixel < gray.length; pixel += 1, at += stride) {
    const red = samples[at] ?? 0;
    const green = samples[at + 1] ?? 0;
    const blue = samples[at + 2] ?? 0;
    gray[pixel] = Math.floor((red * 19595 + green * 38470 + blue * 7471 + 32768) / 65536) / max;
  }
  return gray;
}

/** How far the samples are from grey: the mean over the pixels of (largest − smallest of R, G, B) / `max`, 0 … 1. */
export function chromaOfRgb(samples: Samples, stride: number, max: number): number {
  let sum = 0;
  for (let at = 0; at + 2 < samples.length; at += stride) {
    const red = samples[at] ?? 0;
    const green = samples[at + 1] ?? 0;
    const blue = samples[at + 2] ?? 0;
    sum += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return (sum * stride) / (samples.length * max);
}

/** Samples of a pixel for every photometric interpretation that can be read (PS3.3 C.7.6.3.1.2). */
const samplesPerPixelOf: Readonly<Record<string, number>> = {
  MONOCHROME1: 1,
  MONOCHROME2: 1,
  'PALETTE COLOR': 1,
  RGB: 3,
  YBR_FULL: 3,
  YBR_FULL_422: 3,
  YBR_PARTIAL_420: 3,
  YBR_PARTIAL_422: 3,
  YBR_ICT: 3,
  YBR_RCT: 3,
};

/** The defined term; lower case is found in the wild. Throws `image.unsupported` where it is none or does not fit. */
export function knownPhotometric(stated: string, samplesPerPixel: number): string {
  const term = stated.toUpperCase();
  if (samplesPerPixelOf[term] === samplesPerPixel) return term;
  throw new AppError('image.unsupported', `photometric interpretation ${term} of ${samplesPerPixel} samples`);
}

export function grayOfColor(stored: StoredPixels): Float32Array {
  const max = 2 ** stored.bitsStored - 1;
  switch (stored.photometricInterpretation) {
    case 'RGB':
      return lumaOfRgb(stored.samples, stored.samplesPerPixel, max);
    case 'YBR_FULL':
    case 'YBR_FULL_422':
      return firstComponent(stored.samples, stored.samplesPerPixel, 0, max);
    case 'YBR_PARTIAL_422':
    case 'YBR_PARTIAL_420':
      return firstComponent(stored.samples, stored.samplesPerPixel, (16 / 255) * max, (235 / 255) * max);
    default:
      throw new AppError(
        'image.unsupported',
        `photometric interpretation ${stored.photometricInterpretation}`,
      );
  }
}

function firstComponent(samples: Samples, stride: number, black: number, white: number): Float32Array {
  const gray = new Float32Array(Math.trunc(samples.length / stride));
  for (let pixel = 0, at = 0; pixel < gray.length; pixel += 1, at += stride) {
    gray[pixel] = Math.min(1, Math.max(0, ((samples[at] ?? 0) - black) / (white - black)));
  }
  return gray;
}
