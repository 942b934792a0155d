import type { GrayImage } from '../gray-image.ts';

/** Right and bottom are the first column and row outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const minHeight = 5;
/** Of the picture's height. */
const maxHeightShare = 1 / 12;
/** A letter's width, in its heights. */
const maxAspect = 2;
/** Saturated: programs write in white or black, anatomy seldom reaches either. */
const saturation = 0.02;
/** Between letters and their ground, 0 … 1. Black specks are many at the edge of the beam, white ones are few. */
const minContrast = { bright: 0.08, dark: 0.25 } as const;
/** A picture with more of them is no picture with writing. */
const maxLetters = 5000;

/** Connected parts of saturated pixels that could be letters: `bright` ones on a darker ground, or dark ones. */
export function findLetters(image: GrayImage, bright: boolean): readonly Box[] {
  const { width, height, pixels } = image;
  const seen = new Uint8Array(pixels.length);
  const stack: number[] = [];
  const letters: Box[] = [];
  const isInk = (at: number): boolean => {
    const value = pixels[at] ?? 0;
    return bright ? value >= 1 - saturation : value <= saturation;
  };
  for (let seed = 0; seed < pixels.length && letters.length < maxLetters; seed += 1) {
    if (seen[seed] === 1 || !isInk(seed)) continue;
    const part = { left: width, top: height, right: 0, bottom: 0, area: 0 };
    seen[seed] = 1;
    stack.push(seed);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % width, Math.trunc(at / width)];
      part.left = Math.min(part.left, x);
      part.right = Math.max(part.right, x + 1);
      part.top = Math.min(part.top, y);
      part.bottom = Math.max(part.bottom, y + 1);
      part.area += 1;
      // Strokes of letters also meet at corners.
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const [column, row] = [x + dx, y + dy];
          if (column < 0 || row < 0 || column >= width || row >= height) continue;
          const next = row * width + column;
          if (seen[next] === 1 || !isInk(next)) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    if (isLetter(part, height) && standsOut(part, image, bright)) letters.push(part);
  }
  return letters;
}

function isLetter(
  { left, top, right, bottom, area }: Box & { readonly area: number },
  height: number,
): boolean {
  const [wide, tall] = [right - left, bottom - top];
  const fits =
    tall >= minHeight && tall <= Math.max(minHeight, height * maxHeightShare) && wide <= maxAspect * tall;
  // A full block is no letter, unless it is a thin one: I, l, 1.
  return fits && (area <= 0.85 * wide * tall || wide <= 0.4 * tall);
}

/** What lies around the part, a fifth of its height away and no ink itself, is in the mean clearly another grey. */
function standsOut(box: Box, { width, height, pixels }: GrayImage, bright: boolean): boolean {
  const by = Math.max(2, Math.round((box.bottom - box.top) / 5));
  const [left, right] = [Math.max(0, box.left - by), Math.min(width, box.right + by)];
  const [top, bottom] = [Math.max(0, box.top - by), Math.min(height, box.bottom + by)];
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) continue;
      const value = pixels[y * width + x] ?? 0;
      if (bright ? value >= 1 - saturation : value <= saturation) continue;
      sum += value;
      count += 1;
    }
  }
  const around = 2 * by * (right - left + bottom - top);
  const ground = sum / Math.max(1, count);
  // Ground that is mostly ink is no ground.
  return count > around / 4 && (bright ? ground <= 1 - minContrast.bright : ground >= minContrast.dark);
}
