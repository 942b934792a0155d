import type { WorkerHandle } from './worker-rpc.ts';

/** Workers for tasks that each want one to themselves. They are started when they are needed. */
export interface WorkerStand<Api> {
  take(): WorkerHandle<Api>;
  /** The worker waits for the next task and is stopped after a while. One that has ended may be given back, too. */
  giveBack(worker: WorkerHandle<Api>): void;
}

/** Keeps at most one worker waiting, `idleMs` at most. */
export function spareWorker<Api>(start: () => WorkerHandle<Api>, idleMs: number): WorkerStand<Api> {
  let spare: WorkerHandle<Api> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new WeakSet<WorkerHandle<Api>>();

  const takeSpare = (): WorkerHandle<Api> | undefined => {
    const found = spare;
    spare = undefined;
    clearTimeout(timer);
    return found === undefined || ended.has(found) ? undefined : found;
  };

  return {
    take() {
      const found = takeSpare();
      if (found !== undefined) return found;
      const worker = start();
      void worker.ended.then(() => ended.add(worker));
      return worker;
    },
    giveBack(worker) {
      if (ended.has(worker)) return;
      takeSpare()?.stop();
      spare = worker;
      timer = setTimeout(() => takeSpare()?.stop(), idleMs);
    },
  };
}
