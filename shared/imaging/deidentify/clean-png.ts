// A PNG file written anew from what makes its picture (W3C PNG 3rd ed., 5 and 11): size and kind, palette and transparency
// where the kind has them, and the rows, compressed again so that nothing stands behind them.

import { Unzlib, zlibSync } from 'fflate';
import { crc32 } from '../archive/crc32.ts';
import { AppError } from '../../kernel/errors.ts';
import { joinBytes } from '../data-set/write-elements.ts';
import { checkPng, type PngHeader } from '../png-chunks.ts';

const signatureBytes = 8;

/** The same picture, and nothing else. @throws AppError `image.*` */
export function cleanPng(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { header, filteredBytes, picture } = checkPng(bytes);
  const chunks = chunksOf(picture);
  const first = (type: string): Uint8Array => chunks.find((each) => each.type === type)?.content ?? empty;
  const colours = header.colorType === 3 ? Math.min(256, Math.trunc(first('PLTE').length / 3)) : 0;
  const parts = [
    chunk('IHDR', first('IHDR')),
    ...present('PLTE', first('PLTE').subarray(0, 3 * colours)),
    ...present('tRNS', first('tRNS').subarray(0, transparencyBytes(header, colours))),
    chunk('IDAT', zlibSync(rowsOf(chunks, filteredBytes), { level: 6 })),
    chunk('IEND', empty),
  ];
  return joinBytes([bytes.subarray(0, signatureBytes), ...parts]);
}

const empty = new Uint8Array(0);

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
}

function chunksOf(picture: Uint8Array): readonly Chunk[] {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signatureBytes; at + 12 <= picture.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...picture.subarray(at + 4, at + 8));
    chunks.push({ type, content: picture.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** 11.3.2.1: an alpha for each colour of the palette, or one grey or colour that is transparent. */
function transparencyBytes({ colorType }: PngHeader, colours: number): number {
  if (colorType === 3) return colours;
  return colorType === 0 ? 2 : colorType === 2 ? 6 : 0;
}

function present(type: string, content: Uint8Array): readonly Uint8Array[] {
  return content.length === 0 ? [] : [chunk(type, content)];
}

function rowsOf(chunks: readonly Chunk[], filteredBytes: number): Uint8Array {
  const rows = new Uint8Array(filteredBytes);
  let filled = 0;
  const stream = new Unzlib((piece) => {
    const used = piece.subarray(0, filteredBytes - filled);
    rows.set(used, filled);
    filled += used.length;
  });
  for (const { type, content } of chunks) if (type === 'IDAT') stream.push(content);
  if (filled < filteredBytes) throw new AppError('image.truncated', 'rows of the PNG are missing');
  return rows;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  for (let at = 0; at < 4; at += 1) out[4 + at] = type.charCodeAt(at);
  out.set(content, 8);
  view.setUint32(out.length - 4, crc32(out.subarray(4, out.length - 4)));
  return out;
}
