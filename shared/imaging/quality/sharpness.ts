import type { GrayImage } from '../gray-image.ts';
import { type Box, resample } from '../resample.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { percentile } from './grey-levels.ts';

export interface Sharpness {
  /** Strength of detail finer than one pixel against detail of one to three pixels, noise taken off. */
  readonly fineDetail: number;
  /** Standard deviation of the noise as a share of the picture's spread. */
  readonly noise: number;
  /** From the 5th to the 95th percentile. */
  readonly spread: number;
}

/** The part that is looked at is brought to this many pixels, so that the size of the file does not decide. */
const workingPixels = 224 * 224;
const fineSigma = 1;
const coarseSigma = 3;
/** What is left of white noise's variance when its own blur with σ 1 is taken off: 1 − 2/(2π) + 1/(4π). */
const noiseInFineBand = 0.761;

/**
 * Two neighbouring bands of detail within `box`, at a fixed resolution near that of the networks: their ratio hardly depends
 * on what is in the picture and falls with every blur. Blur that is finer than a working pixel is not seen.
 */
export function measureSharpness(image: GrayImage, box: Box): Sharpness | undefined {
  const [wide, high] = [box.x1 - box.x0, box.y1 - box.y0];
  const scale = Math.sqrt(workingPixels / (wide * high));
  const side = (length: number): number => Math.max(8, Math.round(length * scale));
  const working = resample(image, side(wide), side(high), box);
  const sorted = working.pixels.toSorted();
  const spread = percentile(sorted, 0.95) - percentile(sorted, 0.05);
  if (!(spread > 0)) return undefined;
  const once = gaussianBlur(working, fineSigma);
  const fine = meanSquare(working.pixels, once.pixels);
  const coarse = meanSquare(once.pixels, gaussianBlur(working, coarseSigma).pixels);
  if (!(coarse > 0)) return undefined;
  const sigma = noiseDeviation(working);
  return {
    fineDetail: Math.sqrt(Math.max(0, fine - noiseInFineBand * sigma ** 2) / coarse),
    noise: sigma / spread,
    spread,
  };
}

function meanSquare(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index]! - other[index]!) ** 2;
  return sum / one.length;
}

/**
 * J. Immerkær, Fast Noise Variance Estimation, CVIU 64 (1996): a difference of two Laplacians does not see edges. The median
 * of its absolute values instead of the mean, so that the few true details do not count: for N(0, σ) it is 0.6745 σ, and
 * the mask multiplies σ by 6.
 */
function noiseDeviation({ width, height, pixels }: GrayImage): number {
  const residues = new Float32Array((width - 2) * (height - 2));
  let at = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let centre = y * width + 1; centre < (y + 1) * width - 1; centre += 1) {
      const above = centre - width;
      const below = centre + width;
      const corners = pixels[above - 1]! + pixels[above + 1]! + pixels[below - 1]! + pixels[below + 1]!;
      const sides = pixels[above]! + pixels[below]! + pixels[centre - 1]! + pixels[centre + 1]!;
      residues[at] = Math.abs(corners - 2 * sides + 4 * pixels[centre]!);
      at += 1;
    }
  }
  return percentile(residues.sort(), 0.5) / (0.6745 * 6);
}
