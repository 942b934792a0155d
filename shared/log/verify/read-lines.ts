import type { RunningHash } from '../log-crypto.ts';

/** Lines of a file that may be larger than memory, and hostile. */

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null for a line that is no UTF-8 or too long. */
  readonly text: string | null;
  readonly tooLong: boolean;
  /** False for what stands behind the last line break. */
  readonly ended: boolean;
}

const lineBreak = 10;

/** Reads strictly: a byte order mark is a character like others, and not allowed here. */
function createDecoder(): (bytes: Uint8Array) => string | null {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
}

/** Joins pieces up to `mostBytes`, and forgets what is beyond. */
function createRemainder(mostBytes: number) {
  let pieces: Uint8Array[] = [];
  let length = 0;
  return {
    get length(): number {
      return length;
    },
    add(bytes: Uint8Array): void {
      if (bytes.length === 0) return;
      length += bytes.length;
      // The reader may use its buffer again.
      if (length <= mostBytes) pieces.push(bytes.slice());
      else pieces = [];
    },
    take(): Uint8Array {
      const whole = new Uint8Array(length <= mostBytes ? length : 0);
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      pieces = [];
      length = 0;
      return whole;
    },
  };
}

/**
 * Yields the lines in portions, one for each chunk at most. `hash` gets every byte before the last line, so that its digest
 * is what the last line should say.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  hash: RunningHash,
  mostBytes: number,
): AsyncGenerator<readonly Line[], void, void> {
  const decode = createDecoder();
  const rest = createRemainder(mostBytes);
  let number = 0;
  // The last whole line seen so far: it is hashed as soon as another line begins.
  let held: Uint8Array[] = [];

  const release = (): void => {
    for (const bytes of held) hash.update(bytes);
    held = [];
  };
  const lineOf = (bytes: Uint8Array, tooLong: boolean, ended: boolean): Line => ({
    number: ++number,
    text: tooLong ? null : decode(bytes),
    tooLong,
    ended,
  });

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    if (rest.length === 0 && chunk.length > 0) release();
    const firstBreak = chunk.indexOf(lineBreak);
    if (rest.length > 0 && firstBreak >= 0) {
      // Ends the line that began in an earlier chunk.
      rest.add(chunk.subarray(0, firstBreak));
      const tooLong = rest.length > mostBytes;
      const bytes = rest.take();
      lines.push(lineOf(bytes, tooLong, true));
      held = [bytes, Uint8Array.of(lineBreak)];
      from = firstBreak + 1;
      if (from < chunk.length) release();
    }
    const lastBreak = chunk.lastIndexOf(lineBreak);
    if (lastBreak >= from) {
      const whole = chunk.subarray(from, lastBreak);
      const text = decode(whole);
      // Decoding once for the portion is several times as fast as once for each line.
      if (text !== null && whole.length <= mostBytes) {
        for (const line of text.split('\n'))
          lines.push({ number: ++number, text: line, tooLong: false, ended: true });
      } else {
        let begin = from;
        while (begin <= lastBreak) {
          const end = chunk.indexOf(lineBreak, begin);
          lines.push(lineOf(chunk.subarray(begin, end), end - begin > mostBytes, true));
          begin = end + 1;
        }
      }
      const lastBegin = lastBreak === 0 ? 0 : chunk.lastIndexOf(lineBreak, lastBreak - 1) + 1;
      const cut = Math.max(from, lastBegin);
      hash.update(chunk.subarray(from, cut));
      held = [chunk.slice(cut, lastBreak + 1)];
      from = lastBreak + 1;
      if (from < chunk.length) release();
    }
    rest.add(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) {
    const tooLong = rest.length > mostBytes;
    yield [lineOf(rest.take(), tooLong, false)];
  }
}
