import type { GrayImage } from '../../shared/imaging/gray-image.ts';
import { resample } from '../../shared/imaging/resample.ts';

function scaled(image: GrayImage, scale: number): GrayImage {
  if (scale >= 1) return image;
  const shrunk = (side: number): number => Math.max(1, Math.floor(side * scale));
  return resample(image, shrunk(image.width), shrunk(image.height));
}

/** The picture with neither side longer than `side`; a smaller one as it is. */
export function fitSide(image: GrayImage, side: number): GrayImage {
  return scaled(image, side / Math.max(image.width, image.height));
}

/** The picture with at most `maxPixels` pixels. */
export function fitArea(image: GrayImage, maxPixels: number): GrayImage {
  return scaled(image, Math.sqrt(maxPixels / (image.width * image.height)));
}
