import { encode } from 'fast-png';

/** An 8-bit PNG; `channels` 1 = grey, 3 = RGB, 4 = RGBA; row-major, interleaved. */
export function encodePng(
  width: number,
  height: number,
  data: Uint8Array,
  channels: 1 | 3 | 4 = 1,
): Uint8Array<ArrayBuffer> {
  // A copy with a buffer of its own: fast-png's result may be a view into a larger one.
  return new Uint8Array(encode({ width, height, data, channels, depth: 8 }, { zlib: { level: 3 } }));
}
