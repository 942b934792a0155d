import { describe, expect, it } from 'vitest';
import { openBundleCipher } from '../../../server/keys/bundle-cipher.ts';
import { openBundleCipher as openByBrowser } from '../../../web/vault/bundle-cipher.ts';
import { concatBytes, utf8 } from '../../kernel/bytes.ts';
import { ByteQueue } from './byte-queue.ts';
import { chunkBytes, openChunks, sealChunks } from './sealed-chunks.ts';

const secret = new Uint8Array(32).fill(1);
const salt = new Uint8Array(32).fill(2);
const cipher = (open = openBundleCipher) => open(secret, salt, utf8('test'));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const piece of stream) read.push(piece);
  return concatBytes(...read);
}

const plain = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 256);
const sealedOf = async (bytes: Uint8Array, open = openBundleCipher) =>
  all(sealChunks(pieces(bytes, 100_003), await cipher(open)));

describe('sealed chunks', () => {
  it.each([1, 1000, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 3 * chunkBytes + 5])(
    'give back %i bytes, in the hub and in the browser alike',
    async (length) => {
      const bytes = plain(length);
      const sealed = await sealedOf(bytes);
      expect(await sealedOf(bytes, openByBrowser)).toEqual(sealed);
      expect(sealed.length).toBe(length + Math.ceil(length / chunkBytes) * 16 + 15);
      for (const open of [openBundleCipher, openByBrowser]) {
        for (const size of [4099, chunkBytes, sealed.length])
          expect(await all(openChunks(pieces(sealed, size), await cipher(open)))).toEqual(bytes);
      }
    },
  );

  it('open nothing under another number, nor as the last one where it is not, nor the other way round', async () => {
    const sealed = await sealedOf(plain(3 * chunkBytes));
    const size = chunkBytes + 16;
    const [a, b, c] = [0, 1, 2].map((at) => sealed.subarray(at * size, (at + 1) * size)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const end = sealed.subarray(3 * size);
    const wrong = [[a, b], [a], [b, c], [a, a, b, c], [b, a, c], [a, c], [a, b, c, c], []];
    for (const chunks of wrong) {
      for (const open of [openBundleCipher, openByBrowser]) {
        const opened = all(openChunks(pieces(concatBytes(...chunks, end), size), await cipher(open)));
        await expect(opened).rejects.toMatchObject({ code: 'bundle.altered' });
      }
    }
    const whole = await all(openChunks(pieces(concatBytes(a, b, c, end), size), await cipher()));
    expect(whole.length).toBe(3 * chunkBytes);
  });
});

describe('a queue of bytes', () => {
  it('gives them in other pieces than it got', () => {
    const queue = new ByteQueue();
    for (const piece of [[1], [], [2, 3], [4, 5, 6]]) queue.push(Uint8Array.from(piece));
    expect([...queue.peek(2)]).toEqual([1, 2]);
    expect([...queue.take(4)]).toEqual([1, 2, 3, 4]);
    queue.push(Uint8Array.of(7));
    expect([queue.length, ...queue.take(3)]).toEqual([3, 5, 6, 7]);
    expect([...queue.take(0)]).toEqual([]);
    expect(() => queue.take(1)).toThrow(TypeError);
  });
});
