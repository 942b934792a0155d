// Where a picture may have writing burned into it: small parts of one saturated grey level on a ground that is clearly
// another, in rows, near a side of the picture. A proposal for a person who looks, never a reason not to look.

import type { GrayImage } from '../gray-image.ts';
import type { Mask } from './deidentify-options.ts';
import { findLetters, type Box } from './find-letters.ts';

/** A single letter is the marker of a side, L or R, and names nobody. */
const minLetters = 3;
/** Writing lies in this share of the width or height from a side. */
const margin = 0.3;

/** In pixels of the picture, from top to bottom; letters of 5 pixels to a twelfth of the height are found. */
export function proposeMasks(image: GrayImage): readonly Mask[] {
  const lines = [true, false].flatMap((bright) => linesOf(findLetters(image, bright)));
  const written = lines.filter((line) => line.count >= minLetters && isNearSide(line.box, image));
  const padded = written.map(({ box }) => pad(box, image));
  return mergeOverlapping(padded)
    .map(({ left, top, right, bottom }) => ({ x: left, y: top, width: right - left, height: bottom - top }))
    .toSorted((a, b) => a.y - b.y || a.x - b.x);
}

interface Line {
  box: Box;
  count: number;
}

/** Letters side by side: of like height, at like height, not further apart than about two letters. */
function linesOf(letters: readonly Box[]): readonly Line[] {
  const lines: Line[] = [];
  for (const letter of letters.toSorted((a, b) => a.left - b.left)) {
    const line = lines.findLast(({ box }) => continues(box, letter));
    if (line === undefined) lines.push({ box: letter, count: 1 });
    else {
      line.box = around(line.box, letter);
      line.count += 1;
    }
  }
  return lines;
}

function continues(line: Box, letter: Box): boolean {
  const [lineHeight, height] = [line.bottom - line.top, letter.bottom - letter.top];
  const taller = Math.max(lineHeight, height);
  const shared = Math.min(line.bottom, letter.bottom) - Math.max(line.top, letter.top);
  const gap = letter.left - line.right;
  return shared > 0.5 * Math.min(lineHeight, height) && gap < 2.5 * taller && height < 2.5 * lineHeight;
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function isNearSide({ left, top, right, bottom }: Box, { width, height }: GrayImage): boolean {
  const [x, y] = [(left + right) / 2 / width, (top + bottom) / 2 / height];
  return Math.min(x, 1 - x, y, 1 - y) < margin;
}

/** By the height of the line: room for what is fainter, such as commas and accents. */
function pad({ left, top, right, bottom }: Box, { width, height }: GrayImage): Box {
  const by = Math.ceil(0.6 * (bottom - top));
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(width, right + by),
    bottom: Math.min(height, bottom + by),
  };
}

function mergeOverlapping(boxes: readonly Box[]): readonly Box[] {
  const merged: Box[] = [];
  for (let box of boxes) {
    for (let at = merged.findIndex((other) => overlap(other, box)); at >= 0;) {
      box = around(box, merged.splice(at, 1)[0] ?? box);
      at = merged.findIndex((other) => overlap(other, box));
    }
    merged.push(box);
  }
  return merged;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
