// RLE Compression, PS3.5 Annex G: a frame is up to 15 segments, each one byte plane packed by PackBits (G.3).
// The planes go from the most significant byte of the first component downwards (G.2). Here they come out interleaved and
// little-endian, like uncompressed pixel data with planar configuration 0.

import { AppError } from '../../kernel/errors.ts';

const headerBytes = 64;

export function decodeRle(
  stream: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  if (stream.length < headerBytes) throw new AppError('image.truncated', 'the RLE header is cut');
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const planes = samplesPerPixel * bytesPerSample;
  const segments = view.getUint32(0, true);
  if (segments !== planes) {
    throw new AppError('image.damaged', `RLE frame of ${segments} segments where ${planes} are expected`);
  }
  // Two bytes make at most 128.
  if (pixels * planes > 64 * stream.length)
    throw new AppError('image.truncated', `${stream.length} bytes of RLE cannot hold ${pixels * planes}`);
  const out = new Uint8Array(pixels * planes);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : stream.length;
    if (start < headerBytes || start > end || end > stream.length) {
      throw new AppError('image.truncated', `RLE segment ${segment} lies outside the frame`);
    }
    const sample = Math.trunc(segment / bytesPerSample);
    const byteInSample = bytesPerSample - 1 - (segment % bytesPerSample);
    unpackBits(stream.subarray(start, end), out, sample * bytesPerSample + byteInSample, planes);
  }
  return out;
}

/** Fills every `stride`-th byte from `position` on. Bytes beyond the last pixel are padding and ignored. */
function unpackBits(packed: Uint8Array, out: Uint8Array, position: number, stride: number): void {
  let read = 0;
  let write = position;
  while (write < out.length) {
    const control = packed[read] ?? 128;
    const left = Math.ceil((out.length - write) / stride);
    const run = Math.min(control < 128 ? control + 1 : 257 - control, left);
    const end = write + run * stride;
    read += 1;
    if (read >= packed.length || (control < 128 && read + run > packed.length)) {
      throw new AppError('image.truncated', 'an RLE segment ends before its last pixel');
    }
    if (control < 128) {
      for (; write < end; write += stride) {
        out[write] = packed[read] ?? 0;
        read += 1;
      }
    } else if (control > 128) {
      const value = packed[read] ?? 0;
      read += 1;
      for (; write < end; write += stride) out[write] = value;
    }
  }
}
