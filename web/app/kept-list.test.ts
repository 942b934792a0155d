import { expect, it } from 'vitest';
import type { Reading } from '../data/reading.ts';
import { keptList } from './kept-list.ts';

const row = (id: string): Reading => ({
  id,
  fileName: id,
  bytes: 1,
  addedAt: 1,
  state: 'waiting',
  attempts: 0,
  synthetic: false,
  findings: [],
});

it('reads the list again after a change, once for many, and never misses the last', async () => {
  const stored: Reading[] = [];
  let changed = (): void => undefined;
  let reads = 0;
  const rests: (() => void)[] = [];
  const list = keptList(
    { watch: (listener) => void (changed = listener) },
    async () => {
      reads += 1;
      return stored.slice();
    },
    () => new Promise((resolve) => rests.push(() => resolve())),
  );
  expect(list.getSnapshot()).toBeUndefined();
  await expect.poll(() => list.getSnapshot()).toEqual([]);
  for (let count = 1; count <= 50; count += 1) {
    stored.push(row(`${count}`));
    changed();
  }
  expect(reads).toBe(1);
  rests.shift()?.();
  await expect.poll(() => list.getSnapshot()?.length).toBe(50);
  await expect.poll(() => rests.length).toBe(1);
  rests.shift()?.();
  await Promise.resolve();
  expect(reads).toBe(2);
});
