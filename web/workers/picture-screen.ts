import type { PixelValues } from '../../shared/imaging/pixel-values.ts';
import type { DisplayWindow } from '../engine/picture-api.ts';
import { paintValues } from './paint-values.ts';
import { type LevelPicture, paintLevels, windowTable } from './window-picture.ts';

export interface ScreenPicture extends LevelPicture {
  /** Of as many pixels; undefined where the picture had to be made smaller. */
  readonly values?: PixelValues | undefined;
}

/** A canvas that shows pictures of one size. It holds the pixels once more in colour, so that a redraw allocates nothing. */
export interface PictureScreen {
  /** @throws TypeError unless `low < high` */
  draw(picture: ScreenPicture, window: DisplayWindow): void;
}

export function pictureScreen(
  canvas: OffscreenCanvas,
  { width, height }: Pick<LevelPicture, 'width' | 'height'>,
): PictureScreen {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new TypeError('the canvas is in use already');
  const pixels = new ImageData(width, height);
  const words = new Uint32Array(pixels.data.buffer);
  return {
    draw({ levels, values }, window) {
      if (window.scale === 'values' && values !== undefined) {
        paintValues(values, window, window.inverted === true, words);
      } else {
        paintLevels(levels, windowTable(window), words);
      }
      context.putImageData(pixels, 0, 0);
    },
  };
}
