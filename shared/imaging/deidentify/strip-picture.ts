// JPEG and PNG files without what describes them. The bytes that make the picture stay as they are; EXIF, comments, colour
// profiles, previews and texts go.

import { joinBytes } from '../data-set/write-elements.ts';
import { checkPng } from '../png-chunks.ts';
import { blankJpeg } from './blank-streams.ts';

/** @throws AppError `image.*`, `deidentify.unparsable` */
export function stripPicture(bytes: Uint8Array, format: 'jpeg' | 'png'): Uint8Array<ArrayBuffer> {
  if (format === 'png') return joinBytes([checkPng(bytes).picture]);
  const blanked = joinBytes([bytes]);
  blankJpeg(blanked);
  return withoutBlanks(blanked);
}

/** Takes out the segments of comments and applications that were blanked whole, and the zeros behind the end. */
function withoutBlanks(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [stream.subarray(0, 2)];
  let at = 2;
  while (stream[at] === 0xff && stream[at + 1] !== 0xda) {
    const marker = stream[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    const end = marker === 0xff ? at + 1 : at + 2 + (((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0));
    const isDescription = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef);
    if (!isDescription || stream[at + 4] !== 0) parts.push(stream.subarray(at, end));
    at = end;
  }
  let end = stream.length;
  while (end > at && stream[end - 1] === 0) end -= 1;
  return joinBytes([...parts, stream.subarray(at, end)]);
}
