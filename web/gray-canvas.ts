import type { GrayImage } from '../shared/imaging/gray-image.ts';
import { resample } from '../shared/imaging/resample.ts';
import { element } from './element.ts';

/** More than a screen shows; a full-size film would need 4 bytes for each of up to 40 million pixels. */
const maxSide = 1600;

function fitted(image: GrayImage): GrayImage {
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  return resample(
    image,
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
}

export function grayCanvas(full: GrayImage): HTMLCanvasElement {
  const { width, height, pixels } = fitted(full);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index]! * 255;
    rgba[index * 4] = value;
    rgba[index * 4 + 1] = value;
    rgba[index * 4 + 2] = value;
    rgba[index * 4 + 3] = 255;
  }
  const canvas = element('canvas', { width: String(width), height: String(height) });
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}
