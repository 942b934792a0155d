// RLE frames (PS3.5 Annex G): a header of 64 bytes with the offsets of the segments, each of them packed bytes of one byte
// plane. Bytes that no plane needs are overwritten with zeros in their place.

import { AppError } from '../../kernel/errors.ts';

const headerBytes = 64;
const maxSegments = 15;

/** `pixels`: those of one frame, which is what each segment unpacks to. @throws AppError `deidentify.unparsable` */
export function blankRle(fragment: Uint8Array, pixels: number): Uint8Array {
  if (fragment.length < headerBytes)
    throw new AppError('deidentify.unparsable', 'an RLE frame without header');
  const blanked = fragment.slice();
  const view = new DataView(blanked.buffer);
  const segments = view.getUint32(0, true);
  if (segments < 1 || segments > maxSegments)
    throw new AppError('deidentify.unparsable', `an RLE frame of ${segments} segments`);
  const starts = Array.from({ length: segments }, (_, index) => view.getUint32(4 + 4 * index, true));
  blanked.fill(0, 4 + 4 * segments, headerBytes);
  let end = headerBytes;
  for (const [index, start] of starts.entries()) {
    const limit = starts[index + 1] ?? blanked.length;
    if (start < end || limit < start || limit > blanked.length)
      throw new AppError('deidentify.unparsable', 'the segments of an RLE frame do not follow each other');
    blanked.fill(0, end, start);
    end = packedEnd(blanked, start, limit, pixels);
  }
  return blanked.fill(0, end);
}

/** Where the plane is whole (G.3.1): n ≥ 0 copies n + 1 bytes, −1 to −127 repeats one, −128 does nothing. */
function packedEnd(bytes: Uint8Array, start: number, limit: number, pixels: number): number {
  let at = start;
  for (let unpacked = 0; unpacked < pixels && at < limit;) {
    const control = ((bytes[at] ?? 0) << 24) >> 24;
    if (control >= 0) unpacked += control + 1;
    else if (control > -128) unpacked += 1 - control;
    at += control >= 0 ? control + 2 : control > -128 ? 2 : 1;
  }
  return Math.min(at, limit);
}
