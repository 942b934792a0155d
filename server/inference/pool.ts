import { availableParallelism } from 'node:os';
import { AppError } from '../../shared/kernel/errors.ts';
import { type InferenceChild, startChild } from './child-process.ts';
import { bundledModelsDir } from './model-files.ts';
import type { InferencePool, ModelStatus, ReadJob, ReadReply } from './pool-api.ts';

export interface PoolOptions {
  /** Children, each with one single-threaded session; as many as there are cores unless told otherwise. */
  readonly size?: number;
  readonly modelsDir?: string;
  /** Jobs that may wait before `inference.busy`. */
  readonly maxWaiting?: number;
  readonly timeoutMs?: number;
  /** A child that has grown past this is replaced between two images (onnxruntime#21574, #25195). */
  readonly maxRssBytes?: number;
}

interface WaitingJob {
  readonly job: ReadJob;
  readonly resolve: (reply: ReadReply) => void;
  readonly reject: (error: unknown) => void;
}

interface Slot {
  child: InferenceChild;
  busy: boolean;
}

export function createPool(options: PoolOptions = {}): InferencePool {
  const {
    size = availableParallelism(),
    modelsDir = bundledModelsDir,
    maxWaiting = 64,
    timeoutMs = 120_000,
    maxRssBytes = 1.5 * 2 ** 30,
  } = options;
  const queue: WaitingJob[] = [];
  const slots: Slot[] = Array.from({ length: size }, () => ({ child: startChild(modelsDir), busy: false }));
  const firstChildren = slots.map(({ child }) => child.ready);
  let restarts = 0;
  let closed = false;

  function replace(slot: Slot): void {
    slot.child.stop();
    slot.child = startChild(modelsDir);
    restarts += 1;
  }

  async function work(slot: Slot, { job, resolve, reject }: WaitingJob): Promise<void> {
    try {
      if (!slot.child.alive()) replace(slot);
      await slot.child.ready;
      resolve(await slot.child.run(job, timeoutMs));
    } catch (error) {
      reject(error);
    }
    if (!closed && slot.child.rssBytes() > maxRssBytes) replace(slot);
    slot.busy = false;
    pump();
  }

  function pump(): void {
    if (closed) return;
    for (const slot of slots) {
      if (slot.busy) continue;
      const next = queue.shift();
      if (next === undefined) return;
      slot.busy = true;
      void work(slot, next);
    }
  }

  return {
    size,
    async ready(): Promise<readonly ModelStatus[]> {
      const [first] = await Promise.all(firstChildren);
      return first ?? [];
    },
    read(job) {
      if (closed) return Promise.reject(new AppError('inference.busy', 'the pool is closed'));
      if (queue.length >= maxWaiting)
        return Promise.reject(new AppError('inference.busy', `${maxWaiting} waiting`));
      const { promise, resolve, reject } = Promise.withResolvers<ReadReply>();
      queue.push({ job, resolve, reject });
      pump();
      return promise;
    },
    load: () => ({ waiting: queue.length, running: slots.filter(({ busy }) => busy).length, restarts }),
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(new AppError('inference.busy', 'the pool was closed'));
      for (const { child } of slots) child.stop();
    },
  };
}
