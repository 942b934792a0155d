// Compressed frames keep every byte that makes the picture. What else a stream can carry (comments, application data,
// bytes behind its end) is overwritten with zeros in its place, so that no length and no offset table changes.

import { AppError } from '../../kernel/errors.ts';
import { joinBytes } from '../data-set/write-elements.ts';

const startOfImage = 0xffd8;
const startOfCodestream = 0xff4f;
const startOfScan = 0xda;

/** The fragments of one frame, blanked; of the same lengths. @throws AppError `deidentify.unparsable` */
export function blankFrame(fragments: readonly Uint8Array[]): Uint8Array[] {
  const stream = joinBytes(fragments);
  const start = ((stream[0] ?? 0) << 8) | (stream[1] ?? 0);
  if (start === startOfImage) blankJpeg(stream);
  else if (start === startOfCodestream) blankJpeg2000(stream);
  else throw new AppError('deidentify.unparsable', 'a compressed frame starts with no marker that is known');
  let position = 0;
  return fragments.map(({ length }) => {
    position += length;
    return stream.subarray(position - length, position);
  });
}

/** ISO 10918-1 Annex B; ISO 14495-1 stuffs a bit after FF, so that FF00 to FF7F are data there. Changes `stream`. */
export function blankJpeg(stream: Uint8Array): void {
  const first = nextMarker(stream, 2);
  stream.fill(0xff, 2, first);
  for (let at = first; at < stream.length;) {
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xd9) {
      stream.fill(0, at + 2);
      return;
    }
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > stream.length) break;
    if (marker === 0xfe || (marker >= 0xe0 && marker <= 0xef)) {
      stream.fill(0, at + 4 + keptOfSegment(marker, stream.subarray(at + 4, end)), end);
    }
    at = nextMarker(stream, end);
    // Between segments stand fill bytes at most; behind the header of a scan is the picture.
    if (marker !== startOfScan) stream.fill(0xff, end, at);
  }
  throw new AppError('deidentify.unparsable', 'a JPEG stream has no end');
}

/** What a decoder needs of an application segment to get the colours right; thumbnails and names are behind it. */
function keptOfSegment(marker: number, payload: Uint8Array): number {
  const startsWith = (text: string): boolean =>
    text.split('').every((character, index) => payload[index] === character.charCodeAt(0));
  if (marker === 0xe0 && startsWith('JFIF\0')) {
    // Width and height of the thumbnail become zero.
    return Math.min(12, payload.length);
  }
  if (marker === 0xee && startsWith('Adobe')) return Math.min(12, payload.length);
  return marker === 0xe8 && startsWith('mrfx') ? Math.min(5, payload.length) : 0;
}

function nextMarker(stream: Uint8Array, from: number): number {
  for (let at = stream.indexOf(0xff, from); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    const code = stream[at + 1] ?? 0;
    if (code >= 0x80 && code !== 0xff && !(code >= 0xd0 && code <= 0xd7)) return at;
  }
  return stream.length;
}

/** ISO 15444-1 Annex A: COM in the main header and in the headers of tile-parts; EOC. Changes `stream`. */
function blankJpeg2000(stream: Uint8Array): void {
  let at = blankHeader(stream, 2);
  while (at + 12 <= stream.length && stream[at] === 0xff && stream[at + 1] === 0x90) {
    const length = new DataView(stream.buffer, stream.byteOffset + at + 6, 4).getUint32(0);
    blankHeader(stream, at);
    // Zero: this tile-part goes on to the end of the stream.
    if (length === 0) return;
    if (length < 14 || at + length > stream.length) break;
    at += length;
  }
  if (stream[at] !== 0xff || stream[at + 1] !== 0xd9)
    throw new AppError('deidentify.unparsable', 'a JPEG 2000 stream has no end');
  stream.fill(0, at + 2);
}

/** From a marker to the next tile-part (FF90) or, within one, to its data (FF93). */
function blankHeader(stream: Uint8Array, start: number): number {
  let at = start;
  while (at + 4 <= stream.length && stream[at] === 0xff) {
    const marker = stream[at + 1] ?? 0;
    if (marker === 0x93 || (marker === 0x90 && at !== start)) return at;
    const end = at + 2 + (((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0));
    if (end > stream.length || end < at + 4) break;
    // The first two bytes of a comment say whether it is text.
    if (marker === 0x64) stream.fill(0, at + 6, end);
    at = end;
  }
  throw new AppError('deidentify.unparsable', 'the header of a JPEG 2000 stream is damaged');
}
