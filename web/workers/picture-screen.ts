import type { DisplayWindow } from '../engine/picture-api.ts';
import { type LevelPicture, paintLevels, windowTable } from './window-picture.ts';

/** A canvas that shows one picture. It holds the pixels once more in colour, so that a redraw allocates nothing. */
export interface PictureScreen {
  /** @throws TypeError unless `low < high` */
  draw(window: DisplayWindow): void;
}

export function pictureScreen(
  canvas: OffscreenCanvas,
  { width, height, levels }: LevelPicture,
): PictureScreen {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new TypeError('the canvas is in use already');
  const pixels = new ImageData(width, height);
  const words = new Uint32Array(pixels.data.buffer);
  return {
    draw(window) {
      paintLevels(levels, windowTable(window), words);
      context.putImageData(pixels, 0, 0);
    },
  };
}
