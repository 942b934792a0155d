import type { GrayImage } from '../imaging/gray-image.ts';
import { type Box, resample } from '../imaging/resample.ts';
import type { ClassificationManifest } from '../model/manifest.ts';
import type { Tensor } from '../model/session.ts';
import { standardise } from '../model/standardise.ts';

/** [1, 1, height, width] */
export function imageTensor(image: GrayImage, minStd: number): Tensor {
  return { dims: [1, 1, image.height, image.width], data: standardise(image.pixels, minStd) };
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
): { readonly tensor: Tensor; readonly box: Box } {
  const box = growBox(lungs, input.marginShare, image);
  const [, , rows, columns] = input.shape;
  return { tensor: imageTensor(resample(image, columns, rows, box), input.normalisation.minStd), box };
}
