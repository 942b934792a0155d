import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { smallClassifier } from '../../tests/fixtures/onnx-builder.ts';
import { cachedGradient, type GradientCache } from './gradient-cache.ts';

const sha256 = async (bytes: Uint8Array): Promise<string> => createHash('sha256').update(bytes).digest('hex');
const request = { output: 'y', wantInput: true };

function memory() {
  const kept = new Map<string, Uint8Array>();
  let [hits, writes] = [0, 0];
  const cache: GradientCache = {
    async get(key) {
      const found = kept.get(key);
      if (found !== undefined) hits += 1;
      return found;
    },
    async put(key, bytes) {
      writes += 1;
      kept.set(key, bytes);
    },
  };
  return { cache, kept, counts: () => ({ hits, writes }) };
}

async function compile(cache: GradientCache, changes: object = {}) {
  const model = smallClassifier();
  return cachedGradient(model, await sha256(model), { ...request, ...changes }, cache, sha256);
}

it('compiles once and gives the same afterwards', async () => {
  const { cache, counts } = memory();
  const first = await compile(cache);
  expect(await compile(cache)).toEqual(first);
  expect(counts()).toEqual({ hits: 1, writes: 1 });
});

it('keeps different requests apart', async () => {
  const { cache, counts } = memory();
  const batches = [await compile(cache), await compile(cache, { inputDims: [2, 1, 4, 4] })];
  expect(batches.map(({ inputDims }) => inputDims[0])).toEqual([1, 2]);
  expect(counts()).toEqual({ hits: 0, writes: 2 });
});

it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['cut off', (bytes) => bytes.subarray(0, bytes.length - 1)],
  ['empty', () => new Uint8Array()],
  [
    'altered in its facts',
    (bytes) => {
      const other = bytes.slice();
      other[80]! ^= 1;
      return other;
    },
  ],
  ['text', () => Uint8Array.from('hello\n'.repeat(40), (character) => character.charCodeAt(0))],
  [
    'altered',
    (bytes) => {
      const other = bytes.slice();
      other[other.length - 5]! ^= 1;
      return other;
    },
  ],
])('compiles again when what was kept is %s', async (_, damage) => {
  const { cache, kept, counts } = memory();
  const first = await compile(cache);
  for (const [key, bytes] of kept) kept.set(key, damage(bytes));
  expect(await compile(cache)).toEqual(first);
  expect(counts()).toEqual({ hits: 1, writes: 2 });
});
