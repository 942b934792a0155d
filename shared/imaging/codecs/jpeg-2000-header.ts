// The main and tile-part headers of a JPEG 2000 codestream (ISO 15444-1 annex A), read before decoding: a decoder
// allocates by what they claim, so the claims are held against the size of the picture and of the stream.

import { AppError } from '../../kernel/errors.ts';
import { checkSize } from '../stored-pixels.ts';

export interface Jpeg2000Header {
  /** From SOC on; some files put the boxes of the JP2 file format before it. */
  readonly codestream: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Blocks are coded as ISO 15444-15 says. */
  readonly isHighThroughput: boolean;
  /** RGB where the codec undoes a component transform. */
  readonly photometric: 'RGB' | undefined;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tiles: number;
  readonly components: number;
}

/** A decoder keeps some hundred bytes for each block and each precinct. */
const maxBlocks = 1_000_000;
/** SOT segment and SOD marker. */
const tilePartBytes = 14;

/** Throws `image.*` where the codestream cannot be what it claims. */
export function readJpeg2000Header(stream: Uint8Array): Jpeg2000Header {
  const codestream = stream.subarray(startOfCodestream(stream));
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  if (!hasEndMarker(codestream))
    throw new AppError('image.truncated', 'the JPEG 2000 codestream has no end marker');
  const size = readSize(view);
  if (size.tiles * tilePartBytes > codestream.length)
    throw new AppError('image.truncated', `${codestream.length} bytes cannot hold ${size.tiles} tiles`);
  let isHighThroughput = false;
  let hasTransform = false;
  const tiles = new Set<number>();
  for (const { marker, at, length } of headerSegments(view)) {
    if (marker === 0xff90) tiles.add(tileOf(view, at, length, size));
    if (marker === 0xff50) isHighThroughput = true;
    if (marker === 0xff52 && length >= 12) {
      hasTransform ||= view.getUint8(at + 8) === 1;
      checkStyle(view, at + 9, (view.getUint8(at + 4) & 1) === 1, view.getUint16(at + 6), length - 7, size);
    }
    if (marker === 0xff53 && length >= 9)
      checkStyle(view, at + 6, (view.getUint8(at + 5) & 1) === 1, 1, length - 4, size);
  }
  // A decoder leaves a tile that never came at one grey level, and says nothing.
  if (tiles.size < size.tiles)
    throw new AppError('image.truncated', `${tiles.size} of ${size.tiles} JPEG 2000 tiles`);
  const { width, height, components } = size;
  const photometric = hasTransform && components === 3 ? 'RGB' : undefined;
  return { codestream, width, height, components, isHighThroughput, photometric };
}

/** Isot (table A.5): the tile that a tile part belongs to. */
function tileOf(view: DataView, at: number, length: number, { tiles }: Size): number {
  const tile = length === 10 ? view.getUint16(at + 4) : tiles;
  if (tile >= tiles) throw new AppError('image.damaged', 'a JPEG 2000 tile part of no tile');
  return tile;
}

/** SOC, and SIZ at once behind it (A.5.1). */
function startOfCodestream(stream: Uint8Array): number {
  for (let at = stream.indexOf(0xff); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    if (stream[at + 1] !== 0x4f || stream[at + 2] !== 0xff || stream[at + 3] !== 0x51) continue;
    if (at + 45 <= stream.length) return at;
    throw new AppError('image.truncated', 'the JPEG 2000 header is cut');
  }
  throw new AppError('image.damaged', 'no JPEG 2000 codestream');
}

function readSize(view: DataView): Size {
  const [x1, y1, x0, y0] = [8, 12, 16, 20].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [tileWidth, tileHeight] = [view.getUint32(24), view.getUint32(28)];
  const components = view.getUint16(40);
  checkSize(x1 - x0, y1 - y0);
  if (components !== 1 && components !== 3)
    throw new AppError('image.unsupported', `JPEG 2000 with ${components} components`);
  if (tileWidth === 0 || tileHeight === 0 || view.getUint32(32) > x0 || view.getUint32(36) > y0)
    throw new AppError('image.damaged', 'JPEG 2000 tiles that do not cover the picture');
  if (42 + 3 * components > view.byteLength)
    throw new AppError('image.truncated', 'the JPEG 2000 header is cut');
  for (let component = 0; component < components; component += 1) {
    const bits = (view.getUint8(42 + 3 * component) & 0x7f) + 1;
    const isWhole = view.getUint16(43 + 3 * component) === 0x0101;
    const isSame = view.getUint8(42 + 3 * component) === view.getUint8(42);
    if (bits > 16 || !isWhole || !isSame)
      throw new AppError(
        'image.unsupported',
        `JPEG 2000 component of ${bits} bits${isWhole ? '' : ', subsampled'}`,
      );
  }
  const tilesX = Math.ceil((x1 - view.getUint32(32)) / tileWidth);
  const tilesY = Math.ceil((y1 - view.getUint32(36)) / tileHeight);
  return {
    width: x1 - x0,
    height: y1 - y0,
    tileWidth: Math.min(tileWidth, x1),
    tileHeight: Math.min(tileHeight, y1),
    tiles: tilesX * tilesY,
    components,
  };
}

/** Segments of the main header and of each tile-part header; `at` is the marker, `length` as the segment states it. */
function* headerSegments(view: DataView): Generator<{ marker: number; at: number; length: number }> {
  let partEnd = 0;
  for (let at = 2; at + 4 <= view.byteLength;) {
    const marker = view.getUint16(at);
    if (marker === 0xffd9) return;
    // SOD: the data goes on to the end of the tile part, of which 0 says that it is the last.
    if (marker === 0xff93) {
      if (partEnd <= at) return;
      at = partEnd;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker < 0xff00 || length < 2 || at + 2 + length > view.byteLength)
      throw new AppError('image.damaged', 'a JPEG 2000 header does not hold together');
    if (marker === 0xff90) {
      const partBytes = length === 10 ? view.getUint32(at + 6) : 0;
      if (partBytes !== 0 && at + partBytes > view.byteLength)
        throw new AppError('image.truncated', 'a JPEG 2000 tile part reaches beyond the stream');
      partEnd = partBytes === 0 ? 0 : at + partBytes;
    }
    yield { marker, at, length };
    at += 2 + length;
  }
}

/** SPcod and SPcoc (tables A.15, A.20): levels, code blocks, precincts; `at` is the number of levels. */
function checkStyle(
  view: DataView,
  at: number,
  hasPrecincts: boolean,
  layers: number,
  bytes: number,
  size: Size,
): void {
  const levels = view.getUint8(at);
  const blockBits = (view.getUint8(at + 1) & 15) + (view.getUint8(at + 2) & 15) + 4;
  if (levels > 32 || blockBits > 12 || (hasPrecincts && bytes < 5 + levels + 1))
    throw new AppError('image.damaged', 'a JPEG 2000 coding style that the standard does not have');
  const samples = size.width * size.height * size.components;
  let precincts = 0;
  const resolutions = hasPrecincts ? levels + 1 : 0;
  for (let level = 0; level < resolutions; level += 1) {
    const exponents = view.getUint8(at + 5 + level);
    const scale = 2 ** (levels - level);
    const across = Math.ceil(size.tileWidth / scale / 2 ** (exponents & 15)) + 1;
    const down = Math.ceil(size.tileHeight / scale / 2 ** (exponents >> 4)) + 1;
    precincts += across * down * size.components * size.tiles;
  }
  const blocks = samples / 2 ** blockBits + size.tiles * size.components * (3 * levels + 1);
  if (blocks > maxBlocks || precincts > maxBlocks || layers * Math.max(1, precincts) > 64 * maxBlocks)
    throw new AppError('image.too-large', 'a JPEG 2000 picture cut into too many pieces');
}

/** EOC (FFD9) comes last (A.4.4), but for padding; codestream data never holds a value above FF8F (B.10.1). */
function hasEndMarker(stream: Uint8Array): boolean {
  const tail = stream.subarray(-8);
  return tail.some((byte, index) => byte === 0xff && tail[index + 1] === 0xd9);
}
