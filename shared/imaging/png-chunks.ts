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

/** The decoder holds the rows up to three times; 40 million pixels of 8-bit RGB fit, of 16-bit RGBA a third of that. */
const maxFilteredBytes = 128 * 1024 * 1024;
const signatureBytes = 8;
const headerBytes = 13;
const pictureChunks: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** 11.2.1; the decoder does not check. */
const bitDepthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export interface CheckedPng {
  readonly header: PngHeader;
  /** Of all rows before filters and compression are undone. */
  readonly filteredBytes: number;
  /** A PNG of nothing but the picture. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** Content of the eXIf chunk (11.3.4.1), which starts at the TIFF header; its checksum is not verified. */
  readonly exif?: Uint8Array | undefined;
}

/** Checks the file before anything of its size is allocated. Throws `image.*`. */
export function checkPng(bytes: Uint8Array): CheckedPng {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, signatureBytes)];
  const data: Uint8Array[] = [];
  let header: PngHeader | undefined;
  let exif: Uint8Array | undefined;
  let type = '';
  for (let position = signatureBytes; type !== 'IEND';) {
    if (position + 12 > bytes.length) throw new AppError('image.truncated', 'the PNG file has no IEND chunk');
    const length = view.getUint32(position);
    const end = position + 12 + length;
    type = String.fromCharCode(...bytes.subarray(position + 4, position + 8));
    if (end > bytes.length) throw new AppError('image.truncated', `the file ends inside the chunk ${type}`);
    if (header === undefined) header = readHeader(type, view, position + 8, length);
    const content = bytes.subarray(position + 8, position + 8 + length);
    if (type === 'IDAT') data.push(content);
    else if (type === 'eXIf') exif ??= content;
    if (pictureChunks.has(type)) kept.push(bytes.subarray(position, end));
    position = end;
  }
  if (header === undefined) throw new AppError('image.damaged', 'the PNG file has no IHDR chunk');
  const expected = filteredLength(header);
  if (expected > maxFilteredBytes)
    throw new AppError('image.too-large', `${expected} bytes of PNG rows exceed ${maxFilteredBytes}`);
  if (zlibLength(data, Math.min(2 * expected, maxFilteredBytes) + 65536) < expected)
    throw new AppError('image.truncated', 'rows of the PNG are missing');
  return { header, filteredBytes: expected, picture: concatenate(kept), exif };
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
  if (bitDepthsOf[header.colorType]?.includes(header.bitDepth) !== true)
    throw new AppError('image.damaged', `PNG colour type ${header.colorType} of ${header.bitDepth} bits`);
  // The decoder takes a byte for each such sample and gives another picture.
  if (header.interlaced && header.bitDepth < 8)
    throw new AppError('image.unsupported', `interlaced PNG of ${header.bitDepth} bits`);
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
