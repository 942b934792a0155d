import type { GrayImage } from '../../shared/imaging/gray-image.ts';
import type { DisplayWindow } from '../engine/picture-api.ts';

/** A decoded picture as it is kept for display: row-major, 0 black … 65535 white. Half the memory of float32. */
export interface LevelPicture {
  readonly width: number;
  readonly height: number;
  readonly levels: Uint16Array;
}

const white = 0xffff;

export function levelPicture({ width, height, pixels }: GrayImage): LevelPicture {
  const levels = new Uint16Array(pixels.length);
  for (let index = 0; index < levels.length; index += 1) {
    levels[index] = Math.min(1, Math.max(0, pixels[index]!)) * white + 0.5;
  }
  return { width, height, levels };
}

/**
 * The colour of each level: one 32-bit word a pixel, bytes R, G, B, A on a little-endian machine, which all are that
 * run a browser.
 * @throws TypeError unless `low < high`, both finite
 */
export function windowTable({ low, high, inverted = false }: DisplayWindow): Uint32Array {
  if (!(low < high) || !Number.isFinite(high - low)) {
    throw new TypeError(`not a display window: ${low} … ${high}`);
  }
  const table = new Uint32Array(white + 1);
  for (let level = 0; level <= white; level += 1) {
    const share = (level / white - low) / (high - low);
    const shown = Math.round(255 * Math.min(1, Math.max(0, share)));
    const grey = inverted ? 255 - shown : shown;
    table[level] = 0xff000000 | (grey * 0x010101);
  }
  return table;
}

/** @param target as many words as `levels` */
export function paintLevels(levels: Uint16Array, table: Uint32Array, target: Uint32Array): void {
  for (let index = 0; index < levels.length; index += 1) target[index] = table[levels[index]!]!;
}
