import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';

/** Lets so many tasks run at once and so many wait; the next one is turned away, before it has cost anything. */
export interface WorkGate {
  /** Settles as `task` does. @throws what `refuse` makes, when the queue is full */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

/**
 * As many queues as tasks may run at once, each with its own count. A task waits for those before it, never for a promise
 * that another caller settles: on Workers that would end the request.
 */
export function createWorkGate(limits: {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly refuse: () => Error;
}): WorkGate {
  const lanes = Array.from({ length: limits.atOnce }, () => ({ queue: createSerialQueue(), taken: 0 }));
  let taken = 0;
  return {
    async run(task) {
      if (taken >= limits.atOnce + limits.mostWaiting) throw limits.refuse();
      const lane = lanes.reduce((shortest, other) => (other.taken < shortest.taken ? other : shortest));
      taken += 1;
      lane.taken += 1;
      try {
        return await lane.queue.run(task);
      } finally {
        taken -= 1;
        lane.taken -= 1;
      }
    },
  };
}
