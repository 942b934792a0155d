// JPEG 2000 and HTJ2K codestreams written anew from the segments that a decoder needs (ISO 15444-1 Annex A, ISO 15444-15):
// comments, pointers and what no standard knows are not copied.

import { AppError } from '../../kernel/errors.ts';
import { joinBytes } from '../data-set/write-elements.ts';

const startOfTile = 0x90;
const startOfData = 0x93;
const endOfStream = 0xd9;
/** CAP, SIZ, COD, COC, CPF, QCD, QCC, RGN, POC, PPM, PPT. */
const needed: ReadonlySet<number> = new Set([
  0x50, 0x51, 0x52, 0x53, 0x59, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x61,
]);
/** TLM, PLM, PLT, CRG, COM: a decoder finds its way without. */
const dropped: ReadonlySet<number> = new Set([0x55, 0x57, 0x58, 0x63, 0x64]);

/** The codestream from SOC to EOC. @throws AppError `deidentify.unparsable` */
export function cleanJpeg2000(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const main = keptSegments(stream, 2);
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0x4f), ...main.kept];
  let at = main.end;
  while (at + 14 <= stream.length && stream[at] === 0xff && stream[at + 1] === startOfTile) {
    const length = new DataView(stream.buffer, stream.byteOffset + at + 6, 4).getUint32(0);
    const header = keptSegments(stream, at + 12);
    // Zero: this tile-part goes on to the end of the stream. FF90 and above are never data (B.10.1, D.4.1).
    const end = length === 0 ? endMarkerFrom(stream, header.end + 2) : at + length;
    if (end > stream.length || end < header.end + 2 || stream[header.end + 1] !== startOfData) break;
    const body = [...header.kept, stream.subarray(header.end, end)];
    parts.push(tileStart(stream.subarray(at, at + 12), body), ...body);
    at = end;
  }
  if (stream[at] !== 0xff || stream[at + 1] !== endOfStream)
    throw new AppError('deidentify.unparsable', 'a JPEG 2000 stream has no end');
  return joinBytes([...parts, Uint8Array.of(0xff, endOfStream)]);
}

/** SOT (A.4.2) with the length that the tile-part now has. */
function tileStart(segment: Uint8Array, body: readonly Uint8Array[]): Uint8Array {
  const start = segment.slice();
  const length = body.reduce((sum, part) => sum + part.length, start.length);
  new DataView(start.buffer).setUint32(6, length);
  return start;
}

/** The segments from `start` to the next tile-part or to the data of this one. */
function keptSegments(
  stream: Uint8Array,
  start: number,
): { readonly kept: readonly Uint8Array[]; readonly end: number } {
  const kept: Uint8Array[] = [];
  let at = start;
  while (at + 2 <= stream.length && stream[at] === 0xff) {
    const marker = stream[at + 1] ?? 0;
    if (marker === startOfData || marker === startOfTile) return { kept, end: at };
    const end = at + 2 + (((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0));
    if (end > stream.length || end < at + 4 || !(needed.has(marker) || dropped.has(marker))) break;
    if (needed.has(marker)) kept.push(stream.subarray(at, end));
    at = end;
  }
  throw new AppError('deidentify.unparsable', 'the header of a JPEG 2000 stream is damaged or not known');
}

function endMarkerFrom(stream: Uint8Array, from: number): number {
  for (let at = stream.indexOf(0xff, from); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    if ((stream[at + 1] ?? 0) > 0x8f) return at;
  }
  return stream.length;
}
