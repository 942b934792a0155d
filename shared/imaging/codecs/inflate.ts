import { Inflate, Unzlib } from 'fflate';
import { AppError } from '../../kernel/errors.ts';
import { thrownAsError } from './thrown-as-error.ts';

/** Deflate expands up to 1,032-fold: one piece of input yields at most 2 MiB before the budget is looked at,
 * which is also the size that fflate is quickest with. */
const pieceBytes = 2 * 1024;

/**
 * Inflates a raw deflate stream into chunks for `take` and returns how many bytes there were.
 * Throws `image.too-large` beyond `maxBytes`, `image.truncated` where the stream ends early, `image.damaged`.
 */
function inflate(
  stream: Inflate | Unzlib,
  input: readonly Uint8Array[],
  maxBytes: number,
  take: (chunk: Uint8Array) => void,
): number {
  let length = 0;
  stream.ondata = (chunk) => {
    length += chunk.length;
    if (length > maxBytes)
      throw new AppError('image.too-large', `more than ${maxBytes} bytes after inflating`);
    take(chunk);
  };
  try {
    for (const part of input) {
      for (let position = 0; position < part.length; position += pieceBytes) {
        stream.push(part.subarray(position, position + pieceBytes));
      }
    }
    stream.push(new Uint8Array(0), true);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const error = thrownAsError(thrown);
    const code = error.message === 'unexpected EOF' ? 'image.truncated' : 'image.damaged';
    throw new AppError(code, 'the deflated data could not be inflated', { cause: error });
  }
  return length;
}

/** Inflated twice: the first pass counts and keeps nothing, so that a bomb costs no memory. */
export function inflateRaw(deflated: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const inflated = new Uint8Array(inflate(new Inflate(), [deflated], maxBytes, () => undefined));
  let position = 0;
  inflate(new Inflate(), [deflated], maxBytes, (chunk) => {
    inflated.set(chunk, position);
    position += chunk.length;
  });
  return inflated;
}

/** Up to `length` bytes of the beginning; `deflated` may be cut anywhere. What cannot be inflated is left out. */
export function inflateHead(deflated: Uint8Array, length: number): Uint8Array {
  const head = new Uint8Array(length);
  let filled = 0;
  const stream = new Inflate((chunk) => {
    const taken = chunk.subarray(0, length - filled);
    head.set(taken, filled);
    filled += taken.length;
  });
  // Little at a time: each piece may come out a thousand times as large.
  for (let position = 0; position < deflated.length; position += 256) {
    stream.push(deflated.subarray(position, position + 256));
    if (filled === length) break;
  }
  return head.subarray(0, filled);
}

/** The size of a zlib stream once inflated; nothing is kept. */
export function zlibLength(deflated: readonly Uint8Array[], maxBytes: number): number {
  return inflate(new Unzlib(), deflated, maxBytes, () => undefined);
}
