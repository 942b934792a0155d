import type { GrayImage } from './gray-image.ts';
import { intakeReason, type IntakeReason } from './intake-reasons.ts';

/** Checks that need no model: on the size and the grey values. */

/** Below this many pixels on the short side the networks would judge an enlargement. */
export const minShortSide = 128;
/** Between the 1st and the 99th percentile; a film with anatomy spans 0.5 and more. */
const blankSpread = 0.04;
const lowContrastSpread = 0.2;
/** Of the middle quarter of the picture; in a film that was not clipped it is next to nothing. */
const clippedShare = 0.5;
/** Films of small children, cut to the chest, can be three times as wide as high; a longer strip is something else. */
const maxAspectRatio = 4;

export function checkPixels(image: GrayImage): IntakeReason[] {
  const short = Math.min(image.width, image.height);
  const long = Math.max(image.width, image.height);
  const size = `${image.width}×${image.height}`;
  if (short < minShortSide) return [intakeReason('image.too-small', size)];
  const spread = percentileSpread(image.pixels);
  if (!(spread >= blankSpread)) return [intakeReason('image.blank', `spread ${spread.toFixed(3)}`)];
  if (long / short > maxAspectRatio) return [intakeReason('image.not-a-chest', size)];
  const clipped = shareAtTheEnds(image);
  if (clipped > clippedShare)
    return [intakeReason('image.clipped', `${(clipped * 100).toFixed(0)} % of the middle`)];
  if (spread < lowContrastSpread) return [intakeReason('image.low-contrast', `spread ${spread.toFixed(3)}`)];
  return [];
}

/** Difference of the 99th and the 1st percentile, from a histogram of 1,024 bins. */
function percentileSpread(pixels: Float32Array): number {
  const bins = 1024;
  const histogram = new Uint32Array(bins);
  for (let index = 0; index < pixels.length; index += 1) {
    histogram[Math.min(bins - 1, Math.max(0, Math.floor(pixels[index]! * bins)))]! += 1;
  }
  const percentile = (share: number): number => {
    let seen = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      seen += histogram[bin]!;
      if (seen >= share * pixels.length) return bin / bins;
    }
    return 1;
  };
  return percentile(0.99) - percentile(0.01);
}

/** Share of the middle quarter that is as dark or as bright as the picture gets anywhere. */
function shareAtTheEnds({ width, height, pixels }: GrayImage): number {
  let [low, high] = [Infinity, -Infinity];
  for (let index = 0; index < pixels.length; index += 1) {
    low = Math.min(low, pixels[index]!);
    high = Math.max(high, pixels[index]!);
  }
  const oneLevel = (high - low) / 255;
  const [left, top] = [width >> 2, height >> 2];
  let [inside, atAnEnd] = [0, 0];
  for (let y = top; y < height - top; y += 1) {
    for (let at = y * width + left; at < (y + 1) * width - left; at += 1) {
      inside += 1;
      if (pixels[at]! <= low + oneLevel || pixels[at]! >= high - oneLevel) atAnEnd += 1;
    }
  }
  return atAnEnd / inside;
}

/** A grey film in a colour file has equal channels but for compression; a colour photograph lies well above this. */
const maxChroma = 0.1;

export function checkColour(chroma: number): IntakeReason[] {
  return chroma > maxChroma ? [intakeReason('image.coloured', `chroma ${chroma.toFixed(3)}`)] : [];
}
