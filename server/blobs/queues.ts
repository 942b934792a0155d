import { createSerialQueue, type SerialQueue } from '../../shared/kernel/serial-queue.ts';

/** One queue for each name; a name that nobody waits for is forgotten. */
export function createQueues() {
  const queues = new Map<string, { readonly queue: SerialQueue; waiting: number }>();
  return {
    async run<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
      const entry = queues.get(name) ?? { queue: createSerialQueue(), waiting: 0 };
      queues.set(name, entry);
      entry.waiting += 1;
      try {
        return await entry.queue.run(task);
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0) queues.delete(name);
      }
    },
  };
}
