import { describe, expect, it, vi } from 'vitest';
import { aReading, anExplanation } from '../../tests/fixtures/analysis-builder.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createAnalysisEngine, type EngineDeps } from './analysis-engine.ts';
import type { OpenOptions } from './analysis-api.ts';
import type { AnalysisWorker } from './analysis-worker.ts';
import type { Backend, RuntimeTrial } from './engine-state.ts';
import { createRuntimeTrials } from './runtime-trials.ts';
import type { StoredRuntimes } from './runtime-store.ts';

/** Milliseconds of a run, or why it is turned down, by "backend×threads". */
type Device = Record<string, number | string>;

interface Situation {
  readonly device?: Device;
  readonly stored?: StoredRuntimes;
  readonly gpu?: string;
  readonly recycleImages?: number;
  readonly memoryBytes?: number;
  readonly missing?: AppError;
  /** What the n-th image of all does to its worker. */
  readonly accidents?: Record<number, AppError>;
  /** The n-th image waits for this; when its worker is stopped meanwhile, it ends with it. */
  readonly beforeImage?: Record<number, Promise<void>>;
  /** What the worker does with an explanation that is the n-th thing asked of it. */
  readonly mapOf?: (count: number, signal: AbortSignal) => Promise<void>;
}

function situation({
  device = { 'wasm×2': 10, 'wasm×1': 20 },
  stored,
  gpu,
  recycleImages = 50,
  memoryBytes = 0,
  missing,
  accidents = {},
  beforeImage = {},
  mapOf,
}: Situation) {
  const opened: string[] = [];
  const explained: string[] = [];
  let images = 0;
  let saved = stored;

  function trialsOf(options: OpenOptions, backends: readonly Backend[]): RuntimeTrial[] {
    return backends.map((backend) => {
      const threads = backend === 'wasm' ? options.threads : 1;
      const did = device[`${backend}×${threads}`] ?? 'there is none';
      if (typeof did === 'string') return { backend, threads, rejected: did };
      return { backend, threads, ...(options.measure && { runMs: did }) };
    });
  }

  async function openWorker(options: OpenOptions): Promise<AnalysisWorker> {
    const models = Object.entries(options.backends).map(([name, backends]) => {
      const trials = trialsOf(options, backends);
      const used = trials.find(({ rejected }) => rejected === undefined);
      if (used === undefined) throw new AppError('model.check-failed', `${name}: ${trials[0]?.rejected}`);
      return {
        name,
        version: '1.0.0',
        sha256: name,
        bytes: 1,
        runtime: { name: 'ort', version: '1', backend: used.backend, threads: used.threads },
        check: { cases: 3, values: 9, maxError: 0 },
        trials: trials.slice(0, trials.indexOf(used) + 1),
      };
    });
    const label = models.map(({ runtime }) => `${runtime.backend}×${runtime.threads}`).join(' ');
    opened.push(label);
    const ended = Promise.withResolvers<void>();
    return {
      report: { models, kept: true },
      analyse: async () => {
        images += 1;
        const accident = accidents[images];
        if (accident !== undefined) throw accident;
        const stopped = ended.promise.then(() => {
          throw new AppError('inference.worker-died', 'stopped');
        });
        const wait = beforeImage[images];
        if (wait !== undefined) await Promise.race([wait, stopped]);
        stopped.catch(() => undefined);
        return { analysis: aReading(), thumbnail: Promise.resolve(undefined) };
      },
      explain: async (_file, request, signal) => {
        explained.push(`${request.method} begins`);
        await mapOf?.(explained.length, signal);
        explained.push(`${request.method} ends`);
        return anExplanation();
      },
      memoryBytes: async () => memoryBytes,
      ended: ended.promise,
      stop: () => ended.resolve(),
    };
  }

  const deps: EngineDeps = {
    openWorker,
    trials: createRuntimeTrials({
      openWorker,
      prefetch: async () => undefined,
      gpuUnusable: async () => gpu,
      threads: 2,
    }),
    store: { read: async () => saved, write: async (written) => void (saved = written) },
    threads: 2,
    missing,
    circumstances: 'this browser',
    wallClock: () => new Date('2030-01-01T00:00:00Z'),
    recycle: { images: recycleImages, bytes: 100 },
  };
  const engine = createAnalysisEngine(deps);
  const settled = async (): Promise<void> => {
    await engine.start();
    await vi.waitFor(() => {
      const state = engine.getSnapshot();
      expect(state.phase === 'ready' && state.background === undefined && saved?.choices.length).toBe(2);
    });
  };
  const read = () => engine.analyse(async () => new ArrayBuffer(1), new AbortController().signal);
  const inUse = () => {
    const state = engine.getSnapshot();
    return state.phase === 'ready'
      ? state.models.map(({ runtime }) => `${runtime.backend}×${runtime.threads}`)
      : state;
  };
  const explain = (signal = new AbortController().signal) =>
    engine.explain(async () => new ArrayBuffer(1), { method: 'ig', of: 'pneumonia' }, signal);
  return { engine, settled, read, explain, inUse, opened, explained, saved: () => saved };
}

const twice = (label: string): string => `${label} ${label}`;

describe('the engine', () => {
  it('can read with WebAssembly first, then compares, chooses and remembers', async () => {
    const { settled, inUse, opened, saved } = situation({
      device: { 'wasm×2': 10, 'wasm×1': 20, 'webgpu×1': 2 },
    });
    await settled();
    await vi.waitFor(() => expect(inUse()).toEqual(['webgpu×1', 'webgpu×1']));
    expect(opened).toEqual([twice('wasm×2'), twice('wasm×1'), twice('webgpu×1'), twice('webgpu×1')]);
    expect(saved()?.choices.map(({ trials }) => trials.length)).toEqual([3, 3]);
  });

  it('starts with what it has chosen before, without measuring again', async () => {
    const before = situation({});
    await before.settled();
    const after = situation({ stored: before.saved()!, gpu: 'none' });
    await after.engine.start();
    expect(after.opened[0]).toBe(twice('wasm×2'));
    await vi.waitFor(() => expect(after.inUse()).toEqual(['wasm×2', 'wasm×2']));
  });

  it('forgets the choice when the circumstances have changed', async () => {
    const before = situation({ device: { 'wasm×2': 'hangs', 'wasm×1': 1 } });
    await before.settled();
    expect(before.saved()?.choices[0]).toMatchObject({ backend: 'wasm', threads: 1 });
    const stored = { ...before.saved()!, circumstances: 'another browser' };
    const after = situation({ stored });
    await after.settled();
    await vi.waitFor(() => expect(after.saved()?.choices[0]).toMatchObject({ threads: 2 }));
  });

  it('goes without threads where they compute wrongly', async () => {
    const { settled, inUse } = situation({ device: { 'wasm×2': 'wrong numbers', 'wasm×1': 5 } });
    await settled();
    expect(inUse()).toEqual(['wasm×1', 'wasm×1']);
  });

  it('stops, with a sentence and a way on, where nothing computes right', async () => {
    const device: Device = { 'wasm×2': 'wrong', 'wasm×1': 'wrong' };
    const { engine, read } = situation({ device });
    await engine.start();
    expect(engine.getSnapshot()).toMatchObject({
      phase: 'stopped',
      problem: { code: 'model.check-failed', advice: expect.any(String) },
    });
    await expect(read()).rejects.toMatchObject({ code: 'model.check-failed' });
    Object.assign(device, { 'wasm×2': 3 });
    engine.retry();
    await vi.waitFor(() => expect(engine.getSnapshot().phase).toBe('ready'));
  });

  it.each(['device.gpu-lost', 'model.bad-output', 'model.run-failed'] as const)(
    'reads the image again without the graphics processor after %s, and remembers why',
    async (code) => {
      const { settled, inUse, read, saved } = situation({
        device: { 'wasm×2': 10, 'wasm×1': 20, 'webgpu×1': 1 },
        accidents: { 1: new AppError(code, 'unplugged') },
      });
      await settled();
      await vi.waitFor(() => expect(inUse()).toEqual(['webgpu×1', 'webgpu×1']));
      expect((await read()).analysis.findings).toHaveLength(1);
      expect(inUse()).toEqual(['wasm×2', 'wasm×2']);
      expect(saved()?.choices[0]?.reason).toContain('unplugged');
    },
  );

  it('falls back at the start, too, when the chosen graphics processor fails its check that day', async () => {
    const device: Device = { 'wasm×2': 10, 'wasm×1': 20, 'webgpu×1': 1 };
    const before = situation({ device });
    await before.settled();
    const after = situation({ device: { ...device, 'webgpu×1': 'all zeros' }, stored: before.saved()! });
    await after.engine.start();
    expect(after.inUse()).toEqual(['wasm×2', 'wasm×2']);
    const state = after.engine.getSnapshot();
    expect(state.phase === 'ready' && state.models[0]?.choice.reason).toContain('all zeros');
  });

  it('reads an image again when its worker dies, once', async () => {
    const died = new AppError('inference.worker-died', 'killed');
    const { settled, read, opened } = situation({ gpu: 'none', accidents: { 1: died, 3: died, 4: died } });
    await settled();
    const before = opened.length;
    await read();
    expect(opened.length).toBe(before + 1);
    await expect(read()).rejects.toMatchObject({ code: 'inference.worker-died' });
    await read();
  });

  it('replaces its worker after so many images', async () => {
    const { settled, read, opened } = situation({ gpu: 'none', recycleImages: 3 });
    await settled();
    const before = opened.length;
    for (let image = 0; image < 7; image += 1) await read();
    await vi.waitFor(() => expect(opened.length - before).toBe(2));
  });

  it('says so where the browser lacks what it needs', async () => {
    const { engine, opened } = situation({ missing: new AppError('device.unsupported', 'plain http') });
    await engine.start();
    expect(engine.getSnapshot()).toMatchObject({ phase: 'stopped', problem: { code: 'device.unsupported' } });
    expect(opened).toEqual([]);
  });

  it('keeps to the processor for good once the person has chosen it, even when the page is closed at once', async () => {
    const device: Device = { 'wasm×2': 10, 'wasm×1': 20, 'webgpu×1': 1 };
    const before = situation({ device });
    await before.settled();
    void before.engine.setPreference('wasm');
    expect(before.saved()).toMatchObject({ preference: 'wasm', choices: [] });
    const after = situation({ device, stored: before.saved()! });
    await after.engine.start();
    await vi.waitFor(() => expect(after.saved()?.choices).toHaveLength(2));
    expect(after.inUse()).toEqual(['wasm×2', 'wasm×2']);
    expect(after.opened.join(' ')).not.toContain('webgpu');
  });

  it('finishes an image that is being read while the device is tested again, and tests it', async () => {
    const gate = Promise.withResolvers<void>();
    const { engine, settled, read, opened, inUse } = situation({
      gpu: 'none',
      beforeImage: { 1: gate.promise },
    });
    await settled();
    const before = opened.length;
    const reading = read();
    await engine.testAgain();
    gate.resolve();
    expect((await reading).analysis.findings).toHaveLength(1);
    await vi.waitFor(() => expect(opened.length - before).toBe(2));
    expect(opened.slice(before)).toEqual([twice('wasm×2'), twice('wasm×1')]);
    expect(inUse()).toEqual(['wasm×2', 'wasm×2']);
  });

  it('replaces a worker that holds too much memory', async () => {
    const { settled, read, opened } = situation({ gpu: 'none', memoryBytes: 100 });
    await settled();
    const before = opened.length;
    for (let image = 0; image < 3; image += 1) await read();
    await vi.waitFor(() => expect(opened.length - before).toBe(3));
  });

  it('takes the graphics processor when the person asks for it, and only if it computes right', async () => {
    const { engine, settled, inUse, saved } = situation({
      device: { 'wasm×2': 10, 'wasm×1': 20, 'webgpu×1': 900 },
    });
    await settled();
    await engine.setPreference('webgpu');
    await vi.waitFor(() => expect(inUse()).toEqual(['webgpu×1', 'webgpu×1']));
    expect(saved()?.preference).toBe('webgpu');
  });

  it('explains between the images of a batch, and never beside one', async () => {
    const [gate, mapGate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { settled, read, explain, explained } = situation({
      gpu: 'none',
      beforeImage: { 1: gate.promise },
      mapOf: () => mapGate.promise,
    });
    await settled();
    const order: string[] = [];
    const reading = read().then(() => order.push('first image'));
    const next = read().then(() => order.push('second image'));
    const explaining = explain().then(() => order.push('explanation'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(explained).toEqual([]);
    gate.resolve();
    await vi.waitFor(() => expect(explained).toEqual(['ig begins']));
    expect(order).toEqual(['first image']);
    mapGate.resolve();
    await Promise.all([reading, explaining, next]);
    expect(order).toEqual(['first image', 'explanation', 'second image']);
  });

  it.each(['inference.worker-died', 'model.run-failed', 'model.bad-output'] as const)(
    'explains again with another worker after %s',
    async (code) => {
      const { settled, explain, opened } = situation({
        gpu: 'none',
        mapOf: async (count) => {
          if (count === 1) throw new AppError(code, 'broken');
        },
      });
      await settled();
      const before = opened.length;
      expect((await explain()).method).toBe('ig');
      expect(opened.length).toBe(before + 1);
    },
  );

  it.each(['onnx.no-rule', 'model.check-failed', 'model.load-failed'] as const)(
    'blames no runtime for a map that cannot be computed here: %s',
    async (code) => {
      const { engine, settled, explain, read, opened } = situation({
        gpu: 'none',
        mapOf: () => Promise.reject(new AppError(code, 'GroupNormalization')),
      });
      await settled();
      const before = opened.length;
      await expect(explain()).rejects.toMatchObject({ code });
      expect(opened.length).toBe(before);
      expect(engine.getSnapshot().phase).toBe('ready');
      await read();
    },
  );

  it('goes on with the next image when an explanation is not wanted any more', async () => {
    const { settled, explain, read, opened, explained } = situation({
      gpu: 'none',
      mapOf: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await settled();
    const before = opened.length;
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = explain(running.signal);
    const second = explain(waiting.signal);
    await vi.waitFor(() => expect(explained).toEqual(['ig begins']));
    waiting.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    const image = read();
    running.abort(new Error('another was chosen'));
    await expect(first).rejects.toThrow('another was chosen');
    expect((await image).analysis.findings).toHaveLength(1);
    expect(explained).toEqual(['ig begins']);
    expect(opened.length).toBe(before);
  });
});
