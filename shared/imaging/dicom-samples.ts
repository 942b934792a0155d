// From stored bytes to stored values, PS3.5 8.1: samples are right-aligned under the high bit, the bits above are not
// part of the value (overlays hide there), pixel representation 1 is two's complement of `bitsStored` bits.

import { AppError } from '../kernel/errors.ts';
import type { IntegerSamples as Samples, PixelDescription } from './stored-pixels.ts';

export interface SampleLayout extends Pick<PixelDescription, 'bitsAllocated' | 'bitsStored' | 'signed'> {
  readonly highBit: number;
  readonly bigEndian: boolean;
}

/** Copies `count` samples out of `bytes`; the caller has checked that they are there. */
export function readSamples(bytes: Uint8Array, count: number, layout: SampleLayout): Samples {
  const { bitsAllocated, bitsStored, highBit, signed, bigEndian } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const drop = 31 - highBit;
  const keep = 32 - bitsStored;
  const samples = emptySamples(count, bitsAllocated, signed);
  const width = bitsAllocated / 8;
  for (let index = 0; index < count; index += 1) {
    const raw =
      width === 1
        ? view.getUint8(index)
        : width === 2
          ? view.getUint16(2 * index, !bigEndian)
          : view.getUint32(4 * index, !bigEndian);
    samples[index] = signed ? (raw << drop) >> keep : (raw << drop) >>> keep;
  }
  return samples;
}

function emptySamples(count: number, bitsAllocated: number, signed: boolean): Samples {
  if (bitsAllocated === 8) return signed ? new Int8Array(count) : new Uint8Array(count);
  if (bitsAllocated === 16) return signed ? new Int16Array(count) : new Uint16Array(count);
  if (bitsAllocated === 32) return signed ? new Int32Array(count) : new Uint32Array(count);
  throw new AppError('image.unsupported', `${bitsAllocated} bits allocated`);
}

/** One bit a pixel, the first in the least significant bit (PS3.5 8.1.1); frames follow each other without padding. */
export function readBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const bit = firstBit + index;
    samples[index] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return samples;
}

/** Planar configuration 1 (PS3.3 C.7.6.3.1.3) to 0: RRR…GGG…BBB… to RGBRGB…. */
export function interleave(
  planar: Uint8Array,
  planes: number,
  bytesPerSample: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(planar.length);
  const planeBytes = planar.length / planes;
  for (let plane = 0; plane < planes; plane += 1) {
    for (let byte = 0; byte < bytesPerSample; byte += 1) {
      let write = plane * bytesPerSample + byte;
      for (let read = byte; read < planeBytes; read += bytesPerSample) {
        out[write] = planar[plane * planeBytes + read] ?? 0;
        write += planes * bytesPerSample;
      }
    }
  }
  return out;
}

/** YBR_FULL_422, uncompressed: Y Y Cb Cr for two pixels (PS3.3 C.7.6.3.1.2); chrominance is repeated. */
export function expand422(
  packed: Uint8Array,
  pixels: number,
  bytesPerSample: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(3 * pixels * bytesPerSample);
  for (let pixel = 0, write = 0; pixel < pixels; pixel += 1) {
    const pair = 4 * (pixel >> 1);
    for (const sample of [pair + (pixel & 1), pair + 2, pair + 3]) {
      for (let byte = 0; byte < bytesPerSample; byte += 1, write += 1)
        out[write] = packed[sample * bytesPerSample + byte] ?? 0;
    }
  }
  return out;
}

/** Samples of any width up to 32 bits without padding between them, the first in the lowest bits (PS3.5 8.1.1). */
export function readPacked(
  bytes: Uint8Array,
  firstBit: number,
  count: number,
  layout: SampleLayout,
): Samples {
  const { bitsAllocated, bitsStored, highBit, signed } = layout;
  const samples = emptySamples(count, bitsAllocated <= 8 ? 8 : bitsAllocated <= 16 ? 16 : 32, signed);
  const keep = 32 - bitsStored;
  for (let index = 0; index < count; index += 1) {
    const from = firstBit + index * bitsAllocated + highBit + 1 - bitsStored;
    let raw = 0;
    for (let bit = 0; bit < bitsStored; bit += 1)
      raw |= (((bytes[(from + bit) >> 3] ?? 0) >> ((from + bit) & 7)) & 1) << bit;
    samples[index] = signed ? (raw << keep) >> keep : raw >>> 0;
  }
  return samples;
}

/** Rows of `width` samples at the top left of an empty frame of `rows` rows of `frameWidth`. */
export function placeInFrame(samples: Samples, width: number, frameWidth: number, rows: number): Samples {
  const Kind = samples.constructor as new (length: number) => Uint16Array;
  const frame = new Kind(frameWidth * rows);
  for (let row = 0; row * width < samples.length; row += 1)
    frame.set((samples as Uint16Array).subarray(row * width, (row + 1) * width), row * frameWidth);
  return frame;
}

/** The two bytes of every word exchanged; a last single byte stays. */
export function swapPairs(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let at = 0; at + 1 < out.length; at += 2) {
    out[at] = bytes[at + 1] ?? 0;
    out[at + 1] = bytes[at] ?? 0;
  }
  return out;
}
