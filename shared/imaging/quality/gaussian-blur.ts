import type { GrayImage } from '../gray-image.ts';

/** Separable; beyond the edges the outermost pixels go on. `sigma` in pixels, above 0. */
export function gaussianBlur({ width, height, pixels }: GrayImage, sigma: number): GrayImage {
  const taps = gaussianTaps(sigma);
  const across = convolve(pixels, taps, height, width, width, 1);
  return { width, height, pixels: convolve(across, taps, width, height, 1, width) };
}

/** Weights of the distances 0, 1, 2 …; they sum to 1 when all but the first are taken twice. */
function gaussianTaps(sigma: number): Float32Array {
  const weights = Float32Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, distance) =>
    Math.exp(-(distance ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + 2 * weight, -1);
  return weights.map((weight) => weight / sum);
}

/** `lines` lines of `length` pixels; from one line to the next `stride`, from one pixel to the next `step`. */
function convolve(
  source: Float32Array,
  taps: Float32Array,
  lines: number,
  length: number,
  stride: number,
  step: number,
): Float32Array {
  const out = new Float32Array(source.length);
  for (let line = 0; line < lines; line += 1) {
    const first = line * stride;
    const last = first + (length - 1) * step;
    for (let at = first; at <= last; at += step) {
      let sum = source[at]! * taps[0]!;
      for (let distance = 1; distance < taps.length; distance += 1) {
        const before = Math.max(first, at - distance * step);
        const after = Math.min(last, at + distance * step);
        sum += taps[distance]! * (source[before]! + source[after]!);
      }
      out[at] = sum;
    }
  }
  return out;
}
