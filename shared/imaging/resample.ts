import type { GrayImage } from './gray-image.ts';

/**
 * Separable triangle-filter resampling with half-pixel centres; when shrinking, the filter widens with the scale, so
 * that no pixel is left out. Follows Pillow's BILINEAR resize of float images with `box`, which prepares the training
 * data: the two must agree, or the model sees pictures it was not trained on.
 */

/** A rectangle in pixel-edge coordinates: the whole image is `{ x0: 0, y0: 0, x1: width, y1: height }`. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

interface FilterTaps {
  /** First source index of each output sample. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** Row-major, `stride` weights reserved for each output sample; each row sums to 1. */
  readonly weights: Float64Array;
  readonly stride: number;
}

function triangleTaps(sourceSize: number, from: number, to: number, targetSize: number): FilterTaps {
  const scale = (to - from) / targetSize;
  const support = Math.max(1, scale);
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(targetSize);
  const counts = new Int32Array(targetSize);
  const weights = new Float64Array(targetSize * stride);
  for (let target = 0; target < targetSize; target += 1) {
    const centre = from + (target + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourceSize, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let source = first; source < end; source += 1) {
      const weight = Math.max(0, 1 - Math.abs((source - centre + 0.5) / support));
      weights[target * stride + source - first] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < end - first; tap += 1) weights[target * stride + tap]! /= sum;
    starts[target] = first;
    counts[target] = end - first;
  }
  return { starts, counts, weights, stride };
}

/**
 * Resamples `box` of `source` to `width` × `height`. Values keep their range (the weights are a convex combination).
 * @throws RangeError when the box does not lie inside the image or is empty, or the target size is not positive.
 */
export function resample(source: GrayImage, width: number, height: number, box?: Box): GrayImage {
  const { x0, y0, x1, y1 } = box ?? { x0: 0, y0: 0, x1: source.width, y1: source.height };
  if (!(x0 >= 0 && y0 >= 0 && x1 <= source.width && y1 <= source.height && x1 > x0 && y1 > y0)) {
    throw new RangeError(`box ${x0},${y0}–${x1},${y1} is not inside ${source.width}×${source.height}`);
  }
  if (!(width >= 1 && height >= 1)) throw new RangeError(`cannot resample to ${width}×${height}`);
  const horizontal = triangleTaps(source.width, x0, x1, width);
  const vertical = triangleTaps(source.height, y0, y1, height);

  const firstRow = vertical.starts[0]!;
  const endRow = vertical.starts[height - 1]! + vertical.counts[height - 1]!;
  const narrowed = new Float32Array(width * (endRow - firstRow));
  for (let row = firstRow; row < endRow; row += 1) {
    const sourceRow = row * source.width;
    const targetRow = (row - firstRow) * width;
    for (let x = 0; x < width; x += 1) {
      const start = sourceRow + horizontal.starts[x]!;
      const count = horizontal.counts[x]!;
      const taps = x * horizontal.stride;
      let sum = 0;
      for (let tap = 0; tap < count; tap += 1) {
        sum += source.pixels[start + tap]! * horizontal.weights[taps + tap]!;
      }
      narrowed[targetRow + x] = sum;
    }
  }

  const pixels = new Float32Array(width * height);
  const line = new Float64Array(width);
  for (let y = 0; y < height; y += 1) {
    line.fill(0);
    for (let tap = 0; tap < vertical.counts[y]!; tap += 1) {
      const weight = vertical.weights[y * vertical.stride + tap]!;
      const row = (vertical.starts[y]! + tap - firstRow) * width;
      for (let x = 0; x < width; x += 1) line[x]! += narrowed[row + x]! * weight;
    }
    pixels.set(line, y * width);
  }
  return { width, height, pixels };
}
