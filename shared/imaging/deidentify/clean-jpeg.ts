// JPEG and JPEG-LS streams written anew from the segments that a decoder needs (ISO 10918-1 Annex B, ISO 14495-1 Annex C):
// whatever else a stream can carry is not copied.

import { AppError } from '../../kernel/errors.ts';
import { latin1 } from '../data-set/values.ts';
import { joinBytes } from '../data-set/write-elements.ts';

const startOfScan = 0xda;
const tailBytes = 128;
const huffmanTables = 0xc4;
const quantisationTables = 0xdb;

interface Segment {
  readonly marker: number;
  readonly payload: Uint8Array;
  /** Behind the header of a scan: its entropy-coded data. */
  readonly data: Uint8Array;
}

/** Which tables the frame and its scans ask for; DC under 0 … 3, AC under 16 … 19. */
interface UsedTables {
  readonly quantisation: ReadonlySet<number>;
  readonly huffman: ReadonlySet<number>;
}

/** The stream from its start to its end marker, without what makes no picture. @throws AppError `deidentify.unparsable` */
export function cleanJpeg(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const segments = readSegments(stream);
  const used = usedTables(segments);
  const parts = segments.flatMap(({ marker, payload, data }) => {
    const kept = keptOf(marker, payload, used);
    if (kept === undefined || (kept.length === 0 && payload.length > 0)) return [];
    const length = kept.length + 2;
    return [Uint8Array.of(0xff, marker, length >> 8, length & 0xff), kept, data];
  });
  return joinBytes([Uint8Array.of(0xff, 0xd8), ...parts, Uint8Array.of(0xff, 0xd9)]);
}

function readSegments(stream: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  for (let at = nextMarker(stream, 2); at + 1 < stream.length;) {
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xd9) return segments;
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const end = at + 2 + length;
    if (marker < 0xc0 || marker === 0xd8 || length < 2 || end > stream.length) break;
    const next = nextMarker(stream, end);
    // Between other segments stand fill bytes at most.
    const data = marker === startOfScan ? stream.subarray(end, next) : new Uint8Array(0);
    if (looksWritten(data.subarray(-tailBytes)))
      throw new AppError('deidentify.unparsable', 'the end of a JPEG scan looks like text');
    segments.push({ marker, payload: stream.subarray(at + 4, end), data });
    at = next;
  }
  throw new AppError('deidentify.unparsable', 'a JPEG stream has no end, or a part that is not known');
}

/**
 * Text behind the last coded pixel cannot be told from codes without decoding; ten letters or digits in a row, four of them
 * different, stand at the end of one scan in about 7,000 by chance.
 */
function looksWritten(tail: Uint8Array): boolean {
  const runs = latin1(tail).match(/[A-Za-z0-9 ^._-]{10,}/g) ?? [];
  return runs.some((run) => new Set(run).size >= 4);
}

/** JPEG-LS stuffs a bit after FF, so that FF00 to FF7F are data there; RSTn belongs to the scan. */
function nextMarker(stream: Uint8Array, from: number): number {
  for (let at = stream.indexOf(0xff, from); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    const code = stream[at + 1] ?? 0;
    if (code >= 0x80 && code !== 0xff && !(code >= 0xd0 && code <= 0xd7)) return at;
  }
  return stream.length;
}

function isFrameHeader(marker: number): boolean {
  if (marker === 0xf7) return true;
  return marker >= 0xc0 && marker <= 0xcf && ![huffmanTables, 0xc8, 0xcc].includes(marker);
}

function usedTables(segments: readonly Segment[]): UsedTables {
  const quantisation = new Set<number>();
  const huffman = new Set<number>();
  for (const { marker, payload } of segments) {
    if (isFrameHeader(marker)) {
      for (let at = 8; at < payload.length; at += 3) quantisation.add(payload[at] ?? 0);
    } else if (marker === startOfScan) {
      const count = payload[0] ?? 0;
      for (let place = 0; place < count; place += 1) {
        const selectors = payload[2 + 2 * place] ?? 0;
        huffman.add(selectors >> 4).add(16 + (selectors & 15));
      }
    }
  }
  return { quantisation, huffman };
}

/** Undefined: the segment is not one that a decoder needs. */
function keptOf(marker: number, payload: Uint8Array, used: UsedTables): Uint8Array | undefined {
  if (isFrameHeader(marker)) return exactly(payload, 6 + 3 * (payload[5] ?? 0));
  switch (marker) {
    case startOfScan:
      return exactly(payload, 4 + 2 * (payload[0] ?? 0));
    case huffmanTables:
      return keptTables(payload, (at) => ({
        isUsed: used.huffman.has(payload[at] ?? 0),
        length: 17 + sumOf(payload.subarray(at + 1, at + 17)),
      }));
    case quantisationTables:
      return keptTables(payload, (at) => {
        const [wide, selector] = [(payload[at] ?? 0) >> 4, (payload[at] ?? 0) & 15];
        return { isUsed: used.quantisation.has(selector), length: wide === 0 ? 65 : 129 };
      });
    case 0xdc:
    case 0xdd:
      return exactly(payload, 2);
    // LSE of JPEG-LS: preset parameters; mapping tables are no part of a radiograph.
    case 0xf8:
      return payload[0] === 1 ? exactly(payload, 11) : undefined;
    default:
      return keptOfApplication(marker, payload);
  }
}

/** What a decoder needs of an application segment to get the colours right; thumbnails and names are behind it. */
function keptOfApplication(marker: number, payload: Uint8Array): Uint8Array | undefined {
  const startsWith = (text: string): boolean =>
    text.split('').every((character, index) => payload[index] === character.charCodeAt(0));
  // Version 1.1, no unit of density, no thumbnail.
  if (marker === 0xe0 && startsWith('JFIF\0'))
    return Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
  // Version 100, no flags, and the colour transform; one that is cut goes on being none for some decoders.
  if (marker === 0xee && startsWith('Adobe')) {
    const transform = (payload[11] ?? 0) <= 2 ? (payload[11] ?? 0) : 0;
    return Uint8Array.of(0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform).subarray(
      0,
      payload.length,
    );
  }
  return marker === 0xe8 && startsWith('mrfx') ? payload.subarray(0, 5) : undefined;
}

function exactly(payload: Uint8Array, length: number): Uint8Array {
  if (payload.length < length)
    throw new AppError('deidentify.unparsable', 'a segment of a JPEG stream is cut');
  return payload.subarray(0, length);
}

/** Those of several tables in one segment that are used. */
function keptTables(
  payload: Uint8Array,
  tableAt: (at: number) => { readonly isUsed: boolean; readonly length: number },
): Uint8Array {
  const kept: Uint8Array[] = [];
  for (let at = 0; at < payload.length;) {
    const { isUsed, length } = tableAt(at);
    if (at + length > payload.length)
      throw new AppError('deidentify.unparsable', 'a table of a JPEG stream is cut');
    if (isUsed) kept.push(payload.subarray(at, at + length));
    at += length;
  }
  return joinBytes(kept);
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte, 0);
}
