import { AppError } from '../../kernel/errors.ts';
import { type DataElement, type Encoding, pixelDataTag } from '../data-set/element.ts';
import { asciiOf, findElement, numberOf } from '../data-set/values.ts';
import { joinBytes } from '../data-set/write-elements.ts';
import { cleanJpeg } from './clean-jpeg.ts';
import { cleanJpeg2000 } from './clean-jpeg-2000.ts';
import { cleanRle } from './clean-rle.ts';

const rleSyntax = '1.2.840.10008.1.2.5';
/** JPEG, JPEG-LS, JPEG 2000 and HTJ2K; video is none of them. */
const streamSyntaxes = /^1\.2\.840\.10008\.1\.2\.4\.(5[017]|5[2-9]|6\d|70|80|81|9[0-3]|20[123])$/;

interface PixelLayout {
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly frames: number;
  /** Of one frame. */
  readonly pixels: number;
  readonly samples: number;
  /** Of the whole pixel data, without padding. */
  readonly bytes: number;
}

/**
 * Pixel data with the stored values as they were and nothing else: no bytes behind the last frame, no bits outside the
 * stored ones (overlays hide there, PS3.5 8.1.2), no comments in compressed streams.
 * @throws AppError `deidentify.unparsable`, `deidentify.unsupported`
 */
export function cleanPixelData(
  elements: readonly DataElement[],
  encoding: Encoding,
  transferSyntax: string,
): DataElement {
  const element = findElement(elements, pixelDataTag);
  if (element === undefined) throw new AppError('deidentify.unsupported', 'the file holds no picture');
  const layout = readLayout(elements, encoding);
  const { value } = element;
  if (value.kind === 'bytes') {
    if (value.bytes.length < layout.bytes)
      throw new AppError('deidentify.unparsable', 'less pixel data than the frames need');
    const used = value.bytes.slice(0, layout.bytes);
    clearUnusedBits(used, layout, encoding);
    // In words of big endian the last byte of an odd number stands behind the padding (PS3.5 7.3).
    const last = value.bytes[layout.bytes];
    const isTurned = encoding.bigEndian && element.vr === 'OW' && layout.bitsAllocated <= 8;
    if (isTurned && used.length % 2 === 1 && last !== undefined) {
      used[used.length - 1] = 0;
      return { ...element, value: { kind: 'bytes', bytes: joinBytes([used, Uint8Array.of(last)]) } };
    }
    return { ...element, value: { kind: 'bytes', bytes: used } };
  }
  if (value.kind !== 'fragments') throw new AppError('deidentify.unparsable', 'pixel data in items');
  const [table = new Uint8Array(0), ...fragments] = value.fragments;
  const offsets = table.length === 4 * layout.frames ? table : new Uint8Array(0);
  if (transferSyntax === rleSyntax) {
    if (fragments.length !== layout.frames || layout.bitsAllocated % 8 !== 0)
      throw new AppError('deidentify.unparsable', `${fragments.length} RLE frames of ${layout.frames}`);
    const planes = (layout.samples * layout.bitsAllocated) / 8;
    return withFrames(
      element,
      fragments.map((fragment) => cleanRle(fragment, layout.pixels, planes)),
    );
  }
  if (!streamSyntaxes.test(transferSyntax))
    throw new AppError('deidentify.unsupported', `pixel data in transfer syntax ${transferSyntax}`);
  const frames = groupByFrame(fragments, layout.frames, offsets);
  return withFrames(
    element,
    frames.map((parts) => cleanStream(joinBytes(parts))),
  );
}

/** A fragment for each frame, so that no offset table is needed. */
function withFrames(element: DataElement, frames: readonly Uint8Array[]): DataElement {
  return { ...element, vr: 'OB', value: { kind: 'fragments', fragments: [new Uint8Array(0), ...frames] } };
}

function cleanStream(stream: Uint8Array): Uint8Array {
  if (stream[0] === 0xff && stream[1] === 0xd8) return cleanJpeg(stream);
  if (stream[0] === 0xff && stream[1] === 0x4f) return cleanJpeg2000(stream);
  throw new AppError('deidentify.unparsable', 'a compressed frame starts with no marker that is known');
}

function readLayout(elements: readonly DataElement[], encoding: Encoding): PixelLayout {
  const number = (tag: number): number | undefined => numberOf(findElement(elements, tag), encoding);
  const [rows = 0, columns = 0, samples = 1] = [0x00280010, 0x00280011, 0x00280002].map(number);
  const bitsAllocated = number(0x00280100) ?? 0;
  const bitsStored = number(0x00280101) ?? bitsAllocated;
  if (![1, 8, 16, 32].includes(bitsAllocated) || bitsStored < 1 || bitsStored > bitsAllocated)
    throw new AppError('deidentify.unparsable', `${bitsStored} bits stored in ${bitsAllocated}`);
  const frames = Math.max(1, Math.trunc(number(0x00280008) ?? 1));
  const packed = asciiOf(findElement(elements, 0x00280004)) === 'YBR_FULL_422' && bitsAllocated === 8;
  const stated = number(0x00280102) ?? bitsStored - 1;
  const usable = stated >= bitsStored - 1 && stated < bitsAllocated;
  const bits = rows * columns * (packed ? 2 : samples) * bitsAllocated * frames;
  return {
    bitsAllocated,
    bitsStored,
    highBit: usable ? stated : bitsStored - 1,
    signed: number(0x00280103) === 1,
    frames,
    pixels: rows * columns,
    samples,
    bytes: Math.ceil(bits / 8),
  };
}

/** Unused bits become zero; above a signed value they repeat its sign, as readers expect. Changes `bytes`. */
function clearUnusedBits(bytes: Uint8Array, layout: PixelLayout, { bigEndian }: Encoding): void {
  const { bitsAllocated, bitsStored, highBit, signed } = layout;
  if (bitsAllocated === bitsStored || bitsAllocated === 1) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bitsAllocated / 8;
  const low = highBit + 1 - bitsStored;
  for (let at = 0; at + width <= bytes.length; at += width) {
    const raw =
      width === 1
        ? view.getUint8(at)
        : width === 2
          ? view.getUint16(at, !bigEndian)
          : view.getUint32(at, !bigEndian);
    const shifted = raw << (31 - highBit);
    const value = signed ? shifted >> (32 - bitsStored) : shifted >>> (32 - bitsStored);
    const kept = value << low;
    if (width === 1) view.setUint8(at, kept & 0xff);
    else if (width === 2) view.setUint16(at, kept & 0xffff, !bigEndian);
    else view.setUint32(at, kept >>> 0, !bigEndian);
  }
}

/** PS3.5 A.4: a frame may span fragments, a fragment never frames. */
function groupByFrame(
  fragments: readonly Uint8Array[],
  frames: number,
  table: Uint8Array,
): (readonly Uint8Array[])[] {
  if (frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const starts = table.length > 0 ? startsByTable(fragments, table) : startsByMarker(fragments);
  if (starts.length !== frames || starts[0] !== 0)
    throw new AppError('deidentify.unparsable', 'the frames of the pixel data cannot be told apart');
  return starts.map((start, index) => fragments.slice(start, starts[index + 1]));
}

function startsByTable(fragments: readonly Uint8Array[], table: Uint8Array): number[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const offsets = new Set(
    Array.from({ length: table.length / 4 }, (_, index) => view.getUint32(4 * index, true)),
  );
  let position = 0;
  return fragments.flatMap((fragment, index) => {
    const starts = offsets.has(position);
    position += 8 + fragment.length;
    return starts ? [index] : [];
  });
}

function startsByMarker(fragments: readonly Uint8Array[]): number[] {
  return fragments.flatMap((fragment, index) =>
    fragment[0] === 0xff && (fragment[1] === 0xd8 || fragment[1] === 0x4f) ? [index] : [],
  );
}
