// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as `age` uses it: each chunk is sealed with its number and
// whether it is the last one in its nonce. So a chunk that is altered, left out, repeated or moved does not open, and what is
// cut off is missed. One key seals one bundle, so that no nonce comes twice.

import { concatBytes, equalBytes, utf8 } from '../../kernel/bytes.ts';
import { AppError } from '../../kernel/errors.ts';
import { type BundleCipher, tagBytes } from './bundle-cipher.ts';
import { ByteQueue } from './byte-queue.ts';

export const chunkBytes = 256 * 1024;

/** In clear, so that a copy that was broken off is told from one that was altered. It protects nothing. */
const trailer = utf8('\nend of bundle\n');

const altered = (): AppError => new AppError('bundle.altered', 'a part of the file does not open');

function nonce(index: number, isLast: boolean): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(7, index);
  bytes[11] = isLast ? 1 : 0;
  return bytes;
}

/** @param plain at least one byte */
export async function* sealChunks(
  plain: AsyncIterable<Uint8Array>,
  cipher: BundleCipher,
): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue();
  let index = 0;
  for await (const bytes of plain) {
    queue.push(bytes);
    while (queue.length > chunkBytes) yield cipher.seal(queue.take(chunkBytes), nonce(index++, false));
  }
  yield concatBytes(await cipher.seal(queue.take(queue.length), nonce(index, true)), trailer);
}

/** @throws AppError `bundle.cut-short`, `bundle.altered`; what came before it was as it had been written */
export async function* openChunks(
  sealed: AsyncIterable<Uint8Array>,
  cipher: BundleCipher,
): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue();
  let index = 0;
  const opened = async (bytes: Uint8Array, isLast: boolean): Promise<Uint8Array> => {
    const plain = await cipher.open(bytes, nonce(index++, isLast));
    if (plain === undefined) throw altered();
    return plain;
  };
  for await (const bytes of sealed) {
    queue.push(bytes);
    while (queue.length > chunkBytes + tagBytes + trailer.length) {
      yield await opened(queue.take(chunkBytes + tagBytes), false);
    }
  }
  const rest = queue.take(queue.length);
  const end = rest.length - trailer.length;
  if (end < 0 || !equalBytes(rest.subarray(end), trailer)) {
    throw new AppError('bundle.cut-short', 'the file ends before its end');
  }
  yield await opened(rest.subarray(0, end), true);
}
