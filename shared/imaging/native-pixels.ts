// Uncompressed samples, PS3.5 8.1 and 8.2: as they lie in a data set, in an RLE frame or in a deflated one.

import { AppError } from '../kernel/errors.ts';
import { inflateRaw } from './codecs/inflate.ts';
import { decodeRle } from './codecs/rle.ts';
import { pixelDataElement, type DicomFile } from './dicom-file.ts';
import { expand422, interleave, readBits, readPacked, readSamples, swapPairs } from './dicom-samples.ts';
import type { PixelDescription, Samples, StoredPixels } from './stored-pixels.ts';

/** Frame `frame` of uncompressed pixel data; frames follow each other without padding. Throws `image.truncated`. */
export function readNative(file: DicomFile, stated: PixelDescription, frame: number): StoredPixels {
  const { element, kind } = pixelDataElement(file);
  const available = Math.min(element.length, file.bytes.length - element.dataOffset);
  const bits = frameBits(stated, available);
  const neededBytes = Math.ceil(((frame + 1) * bits) / 8);
  if (neededBytes > available)
    throw new AppError('image.truncated', `${available} bytes of pixel data where ${neededBytes} are needed`);
  // The frame's own bytes, from a word's beginning on.
  const start = 2 * Math.floor((frame * bits) / 16);
  const end = Math.min(available, 2 * Math.ceil(neededBytes / 2));
  const stored = file.bytes.subarray(element.dataOffset + start, element.dataOffset + end);
  const firstBit = frame * bits - 8 * start;
  if (kind !== 'integer')
    return { ...stated, samples: readFloats(stored, stated, firstBit / 8, file.bigEndian) };
  // OW is words whatever the samples are: in big endian each pair of bytes is turned round (PS3.5 7.3, annex A.3).
  const isSwapped = file.bigEndian && element.vr === 'OW' && stated.bitsAllocated <= 8;
  return {
    ...stated,
    samples: readFrame(file, stated, isSwapped ? swapPairs(stored) : stored, firstBit, bits),
  };
}

/** PS3.5 A.4.2: the planes of bytes of a frame, packed; one bit a pixel comes packed to bytes. */
export function readRle(file: DicomFile, stated: PixelDescription, stream: Uint8Array): StoredPixels {
  const { rows, columns, samplesPerPixel, bitsAllocated } = stated;
  const pixels = rows * columns;
  if (bitsAllocated === 1) {
    const bytes = decodeRle(stream, Math.ceil(pixels / 8), 1, 1);
    return { ...stated, samples: readBits(bytes, 0, pixels) };
  }
  if (bitsAllocated % 8 !== 0 || bitsAllocated > 32)
    throw new AppError('image.unsupported', `RLE of ${bitsAllocated} bits allocated`);
  const bytes = decodeRle(stream, pixels, samplesPerPixel, bitsAllocated / 8);
  return { ...stated, samples: samplesOf(file, stated, bytes, false) };
}

/** Deflated Image Frame Compression (PS3.5 A.4.13): a fragment is a frame of native samples, deflated. */
export function readDeflated(file: DicomFile, stated: PixelDescription, stream: Uint8Array): StoredPixels {
  const bits = frameBits(stated, Infinity);
  const neededBytes = Math.ceil(bits / 8);
  const bytes = inflateRaw(stream, neededBytes + 1);
  if (bytes.length < neededBytes)
    throw new AppError('image.truncated', `a frame of ${bytes.length} bytes where ${neededBytes} are needed`);
  return { ...stated, samples: readFrame(file, stated, bytes, 0, bits) };
}

/** YBR_…_422 has two samples a pixel, but some files hold three all the same. */
function frameBits(stated: PixelDescription, available: number): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, frames, photometricInterpretation } = stated;
  const full = rows * columns * samplesPerPixel * bitsAllocated;
  const isHalved = photometricInterpretation.endsWith('_422') && samplesPerPixel === 3;
  return isHalved && !(Number.isFinite(available) && available >= Math.ceil((frames * full) / 8))
    ? rows * columns * 2 * bitsAllocated
    : full;
}

function readFrame(
  file: DicomFile,
  stated: PixelDescription,
  all: Uint8Array,
  firstBit: number,
  bits: number,
): Samples {
  const { rows, columns, samplesPerPixel, bitsAllocated } = stated;
  const count = rows * columns * samplesPerPixel;
  if (bitsAllocated === 1) return readBits(all, firstBit, count);
  if (bitsAllocated % 8 !== 0 || bitsAllocated === 24) {
    if (file.bigEndian) throw new AppError('image.unsupported', `${bitsAllocated} bits in big endian`);
    return readPacked(all, firstBit, count, layoutOf(file, stated, false));
  }
  const bytes = all.subarray(firstBit / 8);
  if (bits < count * bitsAllocated) {
    const expanded = expand422(bytes, rows * columns, bitsAllocated / 8);
    return samplesOf(file, stated, expanded, file.bigEndian);
  }
  const planar = samplesPerPixel > 1 && file.dataSet.uint16('x00280006') === 1;
  const ordered = planar ? interleave(bytes, samplesPerPixel, bitsAllocated / 8) : bytes;
  return samplesOf(file, stated, ordered, file.bigEndian);
}

function samplesOf(
  file: DicomFile,
  stated: PixelDescription,
  bytes: Uint8Array,
  bigEndian: boolean,
): Samples {
  const count = stated.rows * stated.columns * stated.samplesPerPixel;
  return readSamples(bytes, count, layoutOf(file, stated, bigEndian));
}

function layoutOf(
  file: DicomFile,
  stated: PixelDescription,
  bigEndian: boolean,
): Parameters<typeof readSamples>[2] {
  return { ...stated, highBit: highBitOf(file, stated), bigEndian };
}

/** As stated, where that is possible. */
export function highBitOf({ dataSet }: DicomFile, { bitsStored, bitsAllocated }: PixelDescription): number {
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  return highBit >= bitsStored - 1 && highBit < bitsAllocated ? highBit : bitsStored - 1;
}

function readFloats(
  all: Uint8Array,
  { rows, columns, bitsAllocated }: PixelDescription,
  first: number,
  bigEndian: boolean,
): Float32Array | Float64Array {
  const count = rows * columns;
  const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  if (bitsAllocated === 64)
    return Float64Array.from({ length: count }, (_, index) => view.getFloat64(first + 8 * index, !bigEndian));
  return Float32Array.from({ length: count }, (_, index) => view.getFloat32(first + 4 * index, !bigEndian));
}
