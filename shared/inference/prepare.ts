import type { GrayImage } from '../imaging/gray-image.ts';
import { type Box, resample } from '../imaging/resample.ts';
import type { ClassificationManifest } from '../model/manifest.ts';
import type { Tensor } from '../model/session.ts';
import { standardise, statistics } from '../model/standardise.ts';
import type { StandardisedPicture } from './baseline.ts';

/** A picture as a network sees it. */
export function standardisedPicture(
  { width, height, pixels }: GrayImage,
  minStd: number,
): StandardisedPicture {
  const { mean, std } = statistics(pixels, minStd);
  return { columns: width, rows: height, values: standardise(pixels, minStd), black: -mean / std };
}

/** [1, 1, rows, columns] */
export function tensorOf({ rows, columns, values }: StandardisedPicture): Tensor {
  return { dims: [1, 1, rows, columns], data: values };
}

/** `box` grown by `share` of its own size on each side, cut at the image's edges. */
export function growBox(box: Box, share: number, image: GrayImage): Box {
  const dx = (box.x1 - box.x0) * share;
  const dy = (box.y1 - box.y0) * share;
  return {
    x0: Math.max(0, box.x0 - dx),
    y0: Math.max(0, box.y0 - dy),
    x1: Math.min(image.width, box.x1 + dx),
    y1: Math.min(image.height, box.y1 + dy),
  };
}

/**
 * What the classifier sees: the lungs with a margin, squashed to its input size. Squashing the crop, not the film, keeps
 * the film's aspect ratio, which alone tells sick from healthy in the training data, out of the input.
 */
export function prepareLungs(
  image: GrayImage,
  lungs: Box,
  { input }: ClassificationManifest,
): { readonly picture: StandardisedPicture; readonly box: Box } {
  const box = growBox(lungs, input.marginShare, image);
  const [, , rows, columns] = input.shape;
  return {
    picture: standardisedPicture(resample(image, columns, rows, box), input.normalisation.minStd),
    box,
  };
}
