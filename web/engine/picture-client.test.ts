import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import type { DisplayWindow, PictureApi } from './picture-api.ts';
import { createPictureClient, type PictureClient } from './picture-client.ts';
import type { WorkerHandle } from './worker-rpc.ts';

type Remote = Parameters<Parameters<WorkerHandle<PictureApi>['call']>[0]>[0];

interface FakeWorker extends WorkerHandle<PictureApi> {
  stopped: boolean;
  readonly asked: string[];
  readonly shown: DisplayWindow[];
  release: () => void;
}

const bytes = (length = 4): ArrayBuffer => new ArrayBuffer(length);
const info = { width: 2, height: 1, frames: 3 };
const never = new AbortController().signal;
/** Enough for every chain of promises in here. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** As worker-rpc promises it: an abort ends the worker, and every call ends with it. A file of 0 bytes fails. */
function fakeWorker(holds: boolean): FakeWorker {
  const ended = Promise.withResolvers<void>();
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => undefined);
  const held = Promise.withResolvers<void>();
  if (!holds) held.resolve();
  const asked: string[] = [];
  const shown: DisplayWindow[] = [];
  const decode = async (what: string, file: ArrayBuffer): Promise<void> => {
    asked.push(`${what} ${file.byteLength}`);
    await held.promise;
    if (file.byteLength === 0) throw new AppError('image.empty', 'no bytes');
  };
  const api: PictureApi = {
    open: (file) => decode('open', file).then(() => info),
    toFrame: async (frame) => {
      asked.push(`frame ${frame}`);
      return info;
    },
    valueAt: async (x, y, frame) => 100 * frame + 10 * y + x,
    measure: async () => undefined,
    drawOn: async () => void asked.push('draw'),
    show: async (window) => void shown.push(window),
    close: async () => void asked.push('close'),
    phantom: async () => new ArrayBuffer(9),
    thumbnail: (file) => decode('thumbnail', file).then(() => bytes(1)),
  };
  const worker: FakeWorker = {
    stopped: false,
    asked,
    shown,
    release: held.resolve,
    ended: ended.promise,
    stop() {
      worker.stopped = true;
      death.reject(new AppError('inference.worker-died', 'stopped'));
      ended.resolve();
    },
    call(use, { signal } = {}) {
      const abort = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => {
        abort.reject(signal.reason);
        worker.stop();
      });
      return Promise.race([death.promise, abort.promise, use(api as unknown as Remote)]);
    },
  };
  return worker;
}

describe('the picture client', () => {
  let workers: FakeWorker[];
  let holds: boolean;
  let client: PictureClient;

  beforeEach(() => {
    vi.useFakeTimers();
    workers = [];
    holds = false;
    client = createPictureClient(() => {
      const worker = fakeWorker(holds);
      workers.push(worker);
      return worker;
    });
  });
  afterEach(() => vi.useRealTimers());

  it('starts no worker before it is needed, and uses it again for the next picture', async () => {
    expect(workers).toHaveLength(0);
    const first = await client.open(bytes(), never);
    expect([first.width, first.height]).toEqual([2, 1]);
    first.close();
    await client.open(bytes(5), never);
    expect(workers).toHaveLength(1);
    expect(workers[0]!.asked).toEqual(['open 4', 'close', 'open 5']);
  });

  it('keeps two open pictures apart', async () => {
    const [left, right] = await Promise.all([client.open(bytes(), never), client.open(bytes(), never)]);
    await left.show({ low: 0, high: 0.5 });
    await right.show({ low: 0.5, high: 1 });
    expect(workers.map(({ shown }) => shown)).toEqual([[{ low: 0, high: 0.5 }], [{ low: 0.5, high: 1 }]]);
    left.close();
    right.close();
    expect(workers.map(({ stopped }) => stopped)).toEqual([true, false]);
  });

  it('does nothing with a closed picture, whose worker may show another one', async () => {
    const picture = await client.open(bytes(), never);
    picture.close();
    await client.open(bytes(), never);
    picture.close();
    await picture.show({ low: 0, high: 1 });
    expect(workers[0]!.shown).toEqual([]);
    expect(workers[0]!.asked).toEqual(['open 4', 'close', 'open 4']);
  });

  it('asks for frames and values of the open picture only', async () => {
    const picture = await client.open(bytes(), never);
    expect(picture.info).toEqual(info);
    await picture.toFrame(2);
    expect(await picture.valueAt(3, 4, 2)).toBe(243);
    picture.close();
    await client.open(bytes(), never);
    await picture.toFrame(1);
    expect(await picture.valueAt(3, 4, 2)).toBeUndefined();
    expect(await picture.measure({ left: 0, top: 0, right: 1, bottom: 1 }, 2)).toBeUndefined();
    expect(workers[0]!.asked).toEqual(['open 4', 'frame 2', 'close', 'open 4']);
  });

  it('stops a worker 60 s after its last picture was closed, not while one is open', async () => {
    const picture = await client.open(bytes(), never);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(workers[0]!.stopped).toBe(false);
    picture.close();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(workers[0]!.stopped).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(workers[0]!.stopped).toBe(true);
    await client.open(bytes(), never);
    expect(workers).toHaveLength(2);
  });

  it('opens the next picture in a new worker after an abort', async () => {
    holds = true;
    const abort = new AbortController();
    const opening = client.open(bytes(), abort.signal);
    const outcome = expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    abort.abort();
    await outcome;
    expect(workers[0]!.stopped).toBe(true);
    holds = false;
    await client.open(bytes(), never);
    expect(workers).toHaveLength(2);
  });

  it('starts nothing for a request that was aborted before', async () => {
    await expect(client.open(bytes(), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers).toHaveLength(0);
  });

  it('keeps its worker after a file that is no picture', async () => {
    await expect(client.open(bytes(0), never)).rejects.toMatchObject({ code: 'image.empty' });
    await client.open(bytes(), never);
    expect(workers).toHaveLength(1);
  });

  it('says that the worker of an open picture died, and starts another for the next', async () => {
    const picture = await client.open(bytes(), never);
    workers[0]!.stop();
    await expect(picture.show({ low: 0, high: 1 })).rejects.toMatchObject({ code: 'inference.worker-died' });
    picture.close();
    await client.open(bytes(), never);
    expect(workers).toHaveLength(2);
  });

  it('says when the browser cannot draw in a worker', async () => {
    const picture = await client.open(bytes(), never);
    await expect(picture.drawOn({} as HTMLCanvasElement)).rejects.toMatchObject({
      code: 'device.unsupported',
    });
  });

  it('makes thumbnails one after the other, in a worker of their own', async () => {
    holds = true;
    void client.open(bytes(9), never);
    const thumbnails = [client.thumbnail(bytes(), 80), client.thumbnail(bytes(5), 80)];
    await settle();
    expect(workers.map(({ asked }) => asked)).toEqual([['open 9'], ['thumbnail 4']]);
    workers[1]!.release();
    await Promise.all(thumbnails);
    expect(workers.map(({ asked }) => asked)).toEqual([['open 9'], ['thumbnail 4', 'thumbnail 5']]);
  });

  it('makes the next thumbnail after one that failed or took its worker along', async () => {
    const outcomes = Promise.allSettled([0, 1, 2].map((length) => client.thumbnail(bytes(length), 80)));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    holds = true;
    workers[0]!.stop();
    await settle();
    const lost = client.thumbnail(bytes(3), 80);
    const outcome = expect(lost).rejects.toMatchObject({ code: 'inference.worker-died' });
    await settle();
    workers[1]!.stop();
    await outcome;
    holds = false;
    await client.thumbnail(bytes(4), 80);
    expect(workers).toHaveLength(3);
  });
});
