// RLE frames (PS3.5 Annex G): a header of 64 bytes with the offsets of the segments, each of them packed bytes of one byte
// plane. Bytes that no plane needs are overwritten with zeros in their place.

import { AppError } from '../../kernel/errors.ts';

const headerBytes = 64;
const maxSegments = 15;

/**
 * `pixels`: those of one frame, which is what each segment unpacks to; `planes`: how many segments that takes.
 * @throws AppError `deidentify.unparsable`
 */
export function cleanRle(fragment: Uint8Array, pixels: number, planes: number): Uint8Array {
  if (fragment.length < headerBytes)
    throw new AppError('deidentify.unparsable', 'an RLE frame without header');
  const cleaned = fragment.slice();
  const view = new DataView(cleaned.buffer);
  const segments = view.getUint32(0, true);
  if (segments !== planes || segments > maxSegments)
    throw new AppError('deidentify.unparsable', `an RLE frame of ${segments} segments`);
  const starts = Array.from({ length: segments }, (_, index) => view.getUint32(4 + 4 * index, true));
  cleaned.fill(0, 4 + 4 * segments, headerBytes);
  let end = headerBytes;
  for (const [index, start] of starts.entries()) {
    const limit = starts[index + 1] ?? cleaned.length;
    if (start < end || limit < start || limit > cleaned.length)
      throw new AppError('deidentify.unparsable', 'the segments of an RLE frame do not follow each other');
    cleaned.fill(0, end, start);
    end = packedEnd(cleaned, start, limit, pixels);
  }
  return cleaned.subarray(0, end);
}

/** Where the plane is whole (G.3.1): n ≥ 0 copies n + 1 bytes, −1 to −127 repeats one, −128 does nothing. */
function packedEnd(bytes: Uint8Array, start: number, limit: number, pixels: number): number {
  let at = start;
  for (let unpacked = 0; unpacked < pixels && at < limit;) {
    const control = ((bytes[at] ?? 0) << 24) >> 24;
    if (control >= 0) unpacked += control + 1;
    else if (control > -128) unpacked += 1 - control;
    at += control >= 0 ? control + 2 : control > -128 ? 2 : 1;
    // What a last run has too many, no picture shows.
    if (unpacked > pixels && control >= 0)
      throw new AppError('deidentify.unparsable', 'a segment of an RLE frame holds more than its plane');
  }
  if (at > limit) throw new AppError('deidentify.unparsable', 'a segment of an RLE frame is cut');
  return at;
}
