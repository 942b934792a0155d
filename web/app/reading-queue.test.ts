import { describe, expect, it, vi } from 'vitest';
import { aReading, aRefusal } from '../../tests/fixtures/analysis-builder.ts';
import type { Analysis } from '../../shared/api/analysis.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Reading } from '../data/reading.ts';
import { unkeptReadings } from '../data/unkept-readings.ts';
import type { EngineState } from '../engine/engine-state.ts';
import { createObservable } from '../engine/observable.ts';
import { createReadingQueue, type QueueDeps } from './reading-queue.ts';

const ready: EngineState = { phase: 'ready', models: [], keptOffline: true };
const stopped: EngineState = {
  phase: 'stopped',
  problem: { code: 'network.unreachable', title: 'The hub does not answer.' },
};

function waiting(id: string, addedAt: number, attempts = 0): Reading {
  return {
    id,
    addedAt,
    attempts,
    fileName: `${id}.png`,
    bytes: 1,
    state: 'waiting',
    synthetic: false,
    findings: [],
  };
}

function situation(
  answer: (id: string, signal: AbortSignal) => Promise<Analysis>,
  change: Partial<QueueDeps> = {},
) {
  const state = createObservable<EngineState>(ready);
  const store = unkeptReadings();
  const order: string[] = [];
  const rescued: string[] = [];
  const engine: QueueDeps['engine'] = {
    ...state,
    analyse: async (open, signal) => {
      const id = new TextDecoder().decode(await open());
      order.push(id);
      return { analysis: await answer(id, signal), thumbnail: Promise.resolve(undefined) };
    },
  };
  const queue = createReadingQueue({
    stores: [store],
    engine,
    exclusively: async (_, work) => work(),
    drawThumbnail: async () => new TextEncoder().encode('drawn again').buffer,
    rescue: async ({ id }) => void rescued.push(id),
    ...change,
  });
  const add = (reading: Reading) =>
    store.add([{ reading, file: new TextEncoder().encode(reading.id).buffer }]);
  const states = async () =>
    Object.fromEntries((await store.list()).map(({ id, state: each }) => [id, each]));
  return { queue, store, add, states, order, rescued, state };
}

describe('the queue', () => {
  it('draws the small picture again that was lost on the way, and none where there is no picture', async () => {
    const { queue, add, states, store } = situation(async (id) => {
      if (id === 'b') throw new AppError('inference.worker-died', 'killed');
      return aReading();
    });
    await add(waiting('a', 1));
    await add(waiting('b', 2));
    queue.wake();
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'read', b: 'failed' }));
    await vi.waitFor(async () =>
      expect(new TextDecoder().decode(await store.thumbnail('a'))).toBe('drawn again'),
    );
    expect(await store.thumbnail('b')).toBeUndefined();
  });

  it('reads the newest first, and what comes meanwhile, too', async () => {
    const { queue, add, states, order } = situation(async (id) => {
      if (id === 'b') await add(waiting('c', 3));
      return id === 'a' ? aRefusal('image.blank') : aReading();
    });
    await add(waiting('a', 1));
    await add(waiting('b', 2));
    queue.wake();
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'refused', b: 'read', c: 'read' }));
    expect(order).toEqual(['b', 'c', 'a']);
  });

  it('goes on after a picture that fails', async () => {
    const { queue, add, states, store } = situation(async (id) => {
      if (id === 'b') throw new AppError('inference.worker-died', 'killed');
      return aReading();
    });
    await add(waiting('a', 1));
    await add(waiting('b', 2));
    queue.wake();
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'read', b: 'failed' }));
    expect((await store.get('b'))?.outcome?.problem).toMatchObject({
      code: 'inference.worker-died',
      advice: expect.any(String),
    });
  });

  it('does not try a picture again that has stopped its reader in earlier pages', async () => {
    const { queue, add, states, order } = situation(async () => aReading());
    await add(waiting('killer', 1, 2));
    queue.wake();
    await vi.waitFor(async () => expect(await states()).toEqual({ killer: 'failed' }));
    expect(order).toEqual([]);
  });

  it('blames no picture for an engine that cannot read, and goes on when it can', async () => {
    const { queue, add, states, state } = situation(async () => {
      if (state.getSnapshot() === ready && (await states())['b'] === 'read') return aReading();
      state.set(stopped);
      throw new AppError('network.unreachable', 'no chunk');
    });
    await add(waiting('a', 1));
    queue.wake();
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'waiting' }));
    await add({ ...waiting('b', 2), state: 'read' });
    state.set(ready);
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'read', b: 'read' }));
  });

  it('leaves a picture that was deleted while it was read', async () => {
    const { queue, add, store, order } = situation((id, signal) => {
      if (id === 'a') return Promise.resolve(aReading());
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await add(waiting('a', 1));
    await add(waiting('b', 2));
    queue.wake();
    await vi.waitFor(() => expect(order).toEqual(['b']));
    await store.remove(['b']);
    queue.abandon('b');
    await vi.waitFor(async () => expect((await store.get('a'))?.reading.state).toBe('read'));
    expect(await store.get('b')).toBeUndefined();
  });

  it('hands on a result that the store has no room for', async () => {
    const full = {
      ...unkeptReadings(),
      finish: async () => {
        throw new AppError('storage.full', 'quota');
      },
    };
    const { queue, rescued } = situation(async () => aReading(), { stores: [full] });
    await full.add([{ reading: waiting('a', 1), file: new TextEncoder().encode('a').buffer }]);
    queue.wake();
    await vi.waitFor(() => expect(rescued).toEqual(['a']));
  });

  it('does not read again what it has handed on', async () => {
    const store = unkeptReadings();
    const full = {
      ...store,
      finish: async () => {
        throw new AppError('storage.full', 'quota');
      },
      takeNext: async (except: ReadonlySet<string>) => {
        const next = (await store.list()).find(({ id }) => !except.has(id));
        return next && { ...next, state: 'reading' as const };
      },
    };
    const { queue, rescued, order } = situation(async () => aReading(), { stores: [full] });
    await store.add([{ reading: waiting('a', 1), file: new TextEncoder().encode('a').buffer }]);
    for (let wake = 0; wake < 3; wake += 1) {
      queue.wake();
      await vi.waitFor(() => expect(rescued).toEqual(['a']));
    }
    expect(order).toEqual(['a']);
  });

  it('reads what is in memory when the store on the device cannot be opened', async () => {
    const closed = async (): Promise<never> => {
      throw new Error('the database is closed');
    };
    const memory = unkeptReadings();
    const broken = { ...unkeptReadings(), takeNext: closed };
    const { queue } = situation(async () => aReading(), { stores: [memory, broken] });
    await memory.add([{ reading: waiting('a', 1), file: new TextEncoder().encode('a').buffer }]);
    queue.wake();
    await vi.waitFor(async () => expect((await memory.get('a'))?.reading.state).toBe('read'));
  });

  it('reads in one tab at a time', async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, add, states, order } = situation(async () => aReading(), {
      exclusively: async (_, work) => {
        await gate.promise;
        await work();
      },
    });
    await add(waiting('a', 1));
    queue.wake();
    await Promise.resolve();
    expect(order).toEqual([]);
    gate.resolve();
    await vi.waitFor(async () => expect(await states()).toEqual({ a: 'read' }));
  });
});
