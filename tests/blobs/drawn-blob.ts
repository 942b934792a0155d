import { createCipheriv, createHash } from 'node:crypto';
import type { BlobSource } from '../../shared/log/blob-hub.ts';

const block = 16;

/** Bytes that follow from the seed and need no memory: a key stream, read anywhere. */
function keyStream(seed: number, from: number, to: number): Uint8Array {
  const key = createHash('sha256').update(`blob ${seed}`).digest().subarray(0, block);
  const counter = Buffer.alloc(block);
  counter.writeBigUInt64BE(BigInt(Math.floor(from / block)), 8);
  const skipped = from % block;
  const bytes = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(skipped + to - from));
  return new Uint8Array(bytes.subarray(skipped));
}

/** A file that nobody has to keep. */
export function drawnBlob(seed: number, size: number): BlobSource {
  const hash = createHash('sha256');
  const step = 1024 * 1024;
  for (let at = 0; at < size; at += step) hash.update(keyStream(seed, at, Math.min(size, at + step)));
  const bytes = async (from: number, to: number): Promise<Uint8Array> => keyStream(seed, from, to);
  return { sha256: hash.digest('hex'), size, type: 'application/dicom', bytes };
}
