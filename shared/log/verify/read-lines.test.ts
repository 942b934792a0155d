import { createHash } from 'node:crypto';
import { assert, asyncProperty, integer, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { type Line, readLines } from './read-lines.ts';

async function read(bytes: Uint8Array, chunkBytes: number, mostBytes = 1000) {
  async function* chunks() {
    const reused = new Uint8Array(chunkBytes);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const part = bytes.subarray(at, at + chunkBytes);
      reused.set(part);
      yield reused.subarray(0, part.length);
    }
  }
  const hash = createHash('sha256');
  const running = { update: (part: Uint8Array) => void hash.update(part), digest: () => hash.digest() };
  const lines: Line[] = [];
  for await (const portion of readLines(chunks(), running, mostBytes)) lines.push(...portion);
  return { lines, digest: hash.digest('hex') };
}

describe('lines', () => {
  it('are the same in whatever portions the bytes come, and all before the last one is hashed', async () => {
    const property = asyncProperty(
      string({ unit: 'grapheme', maxLength: 60 }),
      integer({ min: 1, max: 40 }),
      async (words, chunkBytes) => {
        const text = `${words.replaceAll('e', '\n')}\n`;
        const { lines, digest } = await read(utf8(text), chunkBytes);
        expect(lines.map((line) => line.text)).toEqual(text.slice(0, -1).split('\n'));
        expect(lines.map(({ number }) => number)).toEqual(lines.map((_, at) => at + 1));
        const last = text.slice(0, -1).lastIndexOf('\n') + 1;
        expect(digest).toBe(createHash('sha256').update(text.slice(0, last)).digest('hex'));
      },
    );
    await assert(property, { seed: 5, numRuns: 300 });
  });

  it('tell one that does not end', async () => {
    const { lines } = await read(utf8('a\nb'), 2);
    expect(lines.map(({ text, ended }) => [text, ended])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('that are no UTF-8, or too long, are told and not kept', async () => {
    const bytes = Uint8Array.from([...utf8('good\n'), 0xff, 10, ...utf8(`${'x'.repeat(50)}\nlast\n`)]);
    for (const chunkBytes of [7, 1000]) {
      const { lines } = await read(bytes, chunkBytes, 40);
      expect(lines.map(({ text, tooLong }) => [text, tooLong])).toEqual([
        ['good', false],
        [null, false],
        [null, true],
        ['last', false],
      ]);
    }
  });
});
