import type { PixelValues, ValueRange } from '../../shared/imaging/pixel-values.ts';
import { applyModality } from '../../shared/imaging/window-level.ts';

/** What grey a value between `low` and `high` has, 0 … 255. */
type GreyOf = (sample: number) => number;

const white = 255;

/**
 * Paints what the file itself may have cut off: a straight line from `low` (black) to `high` (white) over the values, the
 * other way round in a picture of which the file says so. Padding is black, as in `grayOfDicom`.
 * @param target as many words as there are pixels; bytes R, G, B, A as in `windowTable`
 * @throws TypeError unless `low < high`, both finite
 */
export function paintValues(
  values: PixelValues,
  { low, high }: ValueRange,
  inverted: boolean,
  target: Uint32Array,
): void {
  if (!(low < high) || !Number.isFinite(high - low)) throw new TypeError(`not a window: ${low} … ${high}`);
  const { samples, modalityLut, padding } = values;
  const [from, to] = padding ?? [Infinity, -Infinity];
  const darkIsHigh = values.inverted !== inverted;
  const greyOf: GreyOf = (sample) => {
    if (sample >= from && sample <= to) return inverted ? white : 0;
    const share = Math.min(1, Math.max(0, (applyModality(modalityLut, sample) - low) / (high - low)));
    return Math.round(white * (darkIsHigh ? 1 - share : share));
  };
  if (samples.BYTES_PER_ELEMENT > 2) {
    for (let index = 0; index < samples.length; index += 1) target[index] = word(greyOf(samples[index]!));
    return;
  }
  // A signed sample indexes the table by its bit pattern.
  const mask = samples.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff;
  const shift = samples.BYTES_PER_ELEMENT === 1 ? 24 : 16;
  const isSigned = samples instanceof Int8Array || samples instanceof Int16Array;
  const table = new Uint32Array(mask + 1);
  for (let bits = 0; bits <= mask; bits += 1) {
    table[bits] = word(greyOf(isSigned ? (bits << shift) >> shift : bits));
  }
  for (let index = 0; index < samples.length; index += 1) target[index] = table[samples[index]! & mask]!;
}

function word(grey: number): number {
  return 0xff000000 | (grey * 0x010101);
}
