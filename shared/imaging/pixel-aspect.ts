// The shape of a pixel, PS3.3 C.7.6.3.1.7 and 10.7.1.1: two spacings, else the Pixel Aspect Ratio, each vertical before
// horizontal. Pictures with other than square pixels are stretched once, while they are decoded, so that model, eye and
// ruler share one geometry.

import type { DataSet } from 'dicom-parser';
import type { GrayImage } from './gray-image.ts';
import { resample } from './resample.ts';
import { checkSize } from './stored-pixels.ts';

/** Pixel Spacing, Imager Pixel Spacing, Nominal Scanned Pixel Spacing, Pixel Aspect Ratio. */
const pairTags = ['x00280030', 'x00181164', 'x00182010', 'x00280034'] as const;

/** Rounded figures of square pixels (0.1430 and 0.1431) stay square. */
const asSquare = 0.002;
/** Beyond it stands a mistake, not a detector. */
const mostStretched = 8;

/** Height of a pixel in widths; 1 where the file says nothing that can be used. */
export function readPixelAspect(dataSet: DataSet): number {
  for (const tag of pairTags) {
    const [height = NaN, width = NaN] = (dataSet.string(tag) ?? '').split('\\').map(Number.parseFloat);
    if (!(height > 0 && width > 0)) continue;
    const aspect = height / width;
    if (aspect > mostStretched || aspect < 1 / mostStretched) continue;
    return Math.abs(aspect - 1) <= asSquare ? 1 : aspect;
  }
  return 1;
}

/**
 * The same picture with square pixels of the smaller side: rows are added where pixels are high, columns where they are
 * wide. The same object where the pixels are square.
 * @throws AppError `image.too-large` where the stretched picture is above the budget
 */
export function withSquarePixels(image: GrayImage, aspect: number): GrayImage {
  if (aspect === 1) return image;
  const { width, height } = squareSize(image, aspect);
  checkSize(width, height);
  return resample(image, width, height);
}

/** Of a picture of `width` × `height` stored pixels, as it is shown. */
export function squareSize(
  { width, height }: Pick<GrayImage, 'width' | 'height'>,
  aspect: number,
): Pick<GrayImage, 'width' | 'height'> {
  return {
    width: aspect < 1 ? Math.round(width / aspect) : width,
    height: aspect > 1 ? Math.round(height * aspect) : height,
  };
}
