import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cutParcel } from './cut-parcel.ts';

const mebibyte = 2 ** 20;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every mebibyte is different from the others. */
function aFile(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + Math.floor(index / mebibyte)) & 255);
}

describe('a file cut into chunks', () => {
  it('is the same file again when they are put together', () => {
    const file = aFile(2 * mebibyte + 3);
    const { parcel, contents } = cutParcel('models/a/model.onnx', file);
    expect(parcel).toMatchObject({ name: 'models/a/model.onnx', bytes: file.length, sha256: sha256(file) });
    expect(parcel.chunks).toEqual(contents.map((bytes) => ({ sha256: sha256(bytes), bytes: bytes.length })));
    expect(parcel.chunks.map(({ bytes }) => bytes)).toEqual([mebibyte, mebibyte, 3]);
    expect(sha256(Buffer.concat(contents))).toBe(parcel.sha256);
  });

  it('gives itself away when a single byte of a chunk is different', () => {
    const { parcel, contents } = cutParcel('runtime/a.wasm', aFile(mebibyte + 1));
    const tampered = contents.map((bytes) => Uint8Array.from(bytes));
    tampered[1]![0]! ^= 1;
    expect(sha256(tampered[0]!)).toBe(parcel.chunks[0]!.sha256);
    expect(sha256(tampered[1]!)).not.toBe(parcel.chunks[1]!.sha256);
    expect(sha256(Buffer.concat(tampered))).not.toBe(parcel.sha256);
  });

  it.each([
    [0, 0],
    [1, 1],
    [mebibyte, 1],
    [mebibyte + 1, 2],
  ])('of %i bytes has %i chunks', (bytes, chunks) => {
    expect(cutParcel('a', aFile(bytes)).parcel.chunks.length).toBe(chunks);
  });
});
