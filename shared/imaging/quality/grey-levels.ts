import type { GrayImage } from '../gray-image.ts';
import { resample } from '../resample.ts';
import type { LungGrid, LungPair } from './lung-pair.ts';

/** Grey levels of the parts of a chest, on the picture's scale: 0 black, 1 white. */
export interface ChestLevels {
  /** Medians. */
  readonly lungs: number;
  readonly mediastinum: number;
  /** From the 5th to the 95th percentile over both. */
  readonly spread: number;
  /** Share of the picture's pixels over both that lie at the darkest level, and at the brightest. */
  readonly clippedDark: number;
  readonly clippedBright: number;
}

/** Pixels looked at along each side, at most: clipping is counted on the picture's own pixels, not on averages of them. */
const mostSamples = 320;
/** Two levels of eight bits: compression smears a clipped plateau over about so many. */
const plateau = 2 / 255;

/** What is outside the lungs and the space between them does not count: black surroundings, white collimators, letters. */
export function chestLevels(image: GrayImage, grid: LungGrid, pair: LungPair): ChestLevels | undefined {
  const small = resample(image, grid.columns, grid.rows).pixels;
  const lungs = small.filter((_, cell) => grid.inside[cell] === 1).toSorted();
  const middle = small.filter((_, cell) => pair.between[cell] === 1).toSorted();
  const chest = chestPixels(image, grid, pair);
  if (lungs.length === 0 || middle.length === 0 || chest.length === 0) return undefined;
  return {
    lungs: percentile(lungs, 0.5),
    mediastinum: percentile(middle, 0.5),
    spread: percentile(chest, 0.95) - percentile(chest, 0.05),
    ...clipping(chest),
  };
}

/** `sorted` ascending and not empty. */
export function percentile(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Pixels of the picture itself in the lungs and between them, ascending. */
function chestPixels(
  image: GrayImage,
  { columns, rows, inside }: LungGrid,
  { between }: LungPair,
): Float32Array {
  const stepX = Math.max(1, image.width / mostSamples);
  const stepY = Math.max(1, image.height / mostSamples);
  const found: number[] = [];
  for (let y = 0; y < image.height; y += stepY) {
    const row = Math.floor(y);
    const cellRow = Math.floor((row * rows) / image.height) * columns;
    for (let x = 0; x < image.width; x += stepX) {
      const column = Math.floor(x);
      const cell = cellRow + Math.floor((column * columns) / image.width);
      if (inside[cell] === 1 || between[cell] === 1) found.push(image.pixels[row * image.width + column]!);
    }
  }
  return Float32Array.from(found).sort();
}

/** A plateau at an end of the scale has no detail left; it need not be at 0 or 1, for films are rescaled after clipping. */
function clipping(sorted: Float32Array): Pick<ChestLevels, 'clippedDark' | 'clippedBright'> {
  const low = percentile(sorted, 0.001);
  const high = percentile(sorted, 0.999);
  const width = Math.min(plateau, (high - low) * 0.02);
  const firstAbove = sorted.findIndex((value) => value > low + width);
  const firstHigh = sorted.findIndex((value) => value >= high - width);
  return {
    clippedDark: (firstAbove === -1 ? sorted.length : firstAbove) / sorted.length,
    clippedBright: (sorted.length - firstHigh) / sorted.length,
  };
}
