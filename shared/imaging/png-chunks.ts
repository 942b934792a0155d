// The chunk structure of a PNG file (W3C PNG 3rd ed., 5), read before decoding: size and completeness come first, and
// only the chunks that make the picture go on, so that a colour profile or a text is never inflated.

import { AppError } from '../kernel/errors.ts';
import { zlibLength } from './codecs/inflate.ts';
import { checkSize } from './stored-pixels.ts';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colorType: number;
  readonly interlaced: boolean;
}

const signatureBytes = 8;
const headerBytes = 13;
const pictureChunks: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Checks the file and returns its header and a PNG of nothing but the picture. Throws `image.*`. */
export function checkPng(bytes: Uint8Array): { header: PngHeader; picture: Uint8Array<ArrayBuffer> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, signatureBytes)];
  const data: Uint8Array[] = [];
  let header: PngHeader | undefined;
  let type = '';
  for (let position = signatureBytes; type !== 'IEND';) {
    if (position + 12 > bytes.length) throw new AppError('image.truncated', 'the PNG file has no IEND chunk');
    const length = view.getUint32(position);
    const end = position + 12 + length;
    type = String.fromCharCode(...bytes.subarray(position + 4, position + 8));
    if (end > bytes.length) throw new AppError('image.truncated', `the file ends inside the chunk ${type}`);
    if (header === undefined) header = readHeader(type, view, position + 8, length);
    if (type === 'IDAT') data.push(bytes.subarray(position + 8, position + 8 + length));
    if (pictureChunks.has(type)) kept.push(bytes.subarray(position, end));
    position = end;
  }
  if (header === undefined) throw new AppError('image.damaged', 'the PNG file has no IHDR chunk');
  const expected = filteredLength(header);
  if (zlibLength(data, 2 * expected + 65536) < expected)
    throw new AppError('image.truncated', 'rows of the PNG are missing');
  return { header, picture: concatenate(kept) };
}

function readHeader(type: string, view: DataView, at: number, length: number): PngHeader {
  if (type !== 'IHDR' || length !== headerBytes)
    throw new AppError('image.damaged', 'the first PNG chunk is no IHDR');
  const header = {
    width: view.getUint32(at),
    height: view.getUint32(at + 4),
    bitDepth: view.getUint8(at + 8),
    colorType: view.getUint8(at + 9),
    interlaced: view.getUint8(at + 12) === 1,
  };
  checkSize(header.width, header.height);
  if (!(header.colorType in channelsOf))
    throw new AppError('image.damaged', `PNG colour type ${header.colorType}`);
  return header;
}

/** Bytes of all rows before unfiltering, each with its filter byte; Adam7 stores seven reduced pictures (8.1). */
function filteredLength({ width, height, bitDepth, colorType, interlaced }: PngHeader): number {
  const bitsPerPixel = bitDepth * (channelsOf[colorType] ?? 1);
  const rowBytes = (columns: number): number =>
    columns === 0 ? 0 : 1 + Math.ceil((columns * bitsPerPixel) / 8);
  if (!interlaced) return height * rowBytes(width);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.ceil(Math.max(0, width - x) / stepX);
    return sum + Math.ceil(Math.max(0, height - y) / stepY) * rowBytes(columns);
  }, 0);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
