import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import type { NewReading, ReadingStore } from '../data/reading-store.ts';
import { unkeptReadings } from '../data/unkept-readings.ts';
import type { ProblemText } from '../engine/engine-state.ts';
import { createObservable } from '../engine/observable.ts';
import { createAdder } from './add-readings.ts';

const file = (name: string, bytes = 4): File => new File([new Uint8Array(bytes)], name);

/** A store with room for so many bytes in one transaction, and a note of every transaction. */
function adder(room = Number.POSITIVE_INFINITY, left = Number.POSITIVE_INFINITY) {
  const kept = unkeptReadings();
  const unkept = unkeptReadings();
  const transactions: string[][] = [];
  const full: ReadingStore = {
    ...kept,
    async add(batch: readonly NewReading[]) {
      if (batch.reduce((sum, each) => sum + each.file.byteLength, 0) > room)
        throw new AppError('storage.full', 'no room');
      transactions.push(batch.map(({ reading }) => reading.fileName));
      await kept.add(batch);
    },
  };
  let ids = 0;
  let woken = 0;
  const drawn: number[] = [];
  const problem = createObservable<ProblemText | undefined>(undefined);
  const add = createAdder(
    {
      kept: full,
      unkept,
      queue: { wake: () => void (woken += 1) },
      drawThumbnail: async (bytes) => {
        drawn.push(bytes.byteLength);
        return new ArrayBuffer(1);
      },
      wallClockMs: () => 1000,
      newId: () => `id-${(ids += 1)}`,
      pause: async () => undefined,
      reserve: { take: async (bytes) => (left -= bytes) >= 0 },
    },
    problem,
  );
  return { add, kept, unkept, transactions, drawn, problem, woken: () => woken };
}

describe('adding a folder', () => {
  it('keeps the first by itself and the others in a few transactions, in their order', async () => {
    const { add, kept, transactions, woken } = adder();
    const told: number[] = [];
    const files = Array.from({ length: 30 }, (_, index) => file(`${index}`));
    await add(files, (count) => told.push(count));
    expect(transactions.map(({ length }) => length)).toEqual([1, 12, 12, 5]);
    expect(told).toEqual([1, 13, 25, 30]);
    expect(woken()).toBe(4);
    expect((await kept.list()).map(({ fileName }) => fileName)).toEqual(files.map(({ name }) => name));
  });

  it('keeps what there is room for, and the rest as long as the page lives', async () => {
    const { add, kept, unkept, problem } = adder(10);
    await add([file('first'), file('small'), file('large', 20), file('last')]);
    expect((await kept.list()).map(({ fileName }) => fileName)).toEqual(['first', 'small', 'last']);
    expect((await unkept.list()).map(({ fileName }) => fileName)).toEqual(['large']);
    expect(problem.getSnapshot()?.code).toBe('storage.full');
  });

  it('has a row with the reason for what cannot be opened, and goes on', async () => {
    const { add, kept } = adder();
    const missing = {
      name: 'lost',
      size: 0,
      arrayBuffer: () => Promise.reject(new AppError('image.missing', 'listed')),
    };
    expect(await add([file('first'), missing, file('last')])).toEqual({ added: 2, failed: 1 });
    const rows = await kept.list();
    expect(rows.map(({ fileName, state }) => `${fileName} ${state}`)).toEqual([
      'first waiting',
      'lost failed',
      'last waiting',
    ]);
    expect(rows[1]?.problem).toContain('not there');
  });

  it('draws a small picture of each that waits', async () => {
    const { add, drawn } = adder();
    await add([file('a', 5), file('b', 6), file('c', 7)]);
    await expect.poll(() => drawn).toEqual([5, 6, 7]);
  });

  it('takes as many as the reserve allows, and says that it takes no more', async () => {
    const { add, transactions } = adder(undefined, 10);
    const files = ['a', 'b', 'c', 'd'].map((name) => file(name));
    await expect(add(files)).rejects.toMatchObject({ code: 'storage.reserve' });
    expect(transactions.flat()).toEqual(['a', 'b']);
  });
});
