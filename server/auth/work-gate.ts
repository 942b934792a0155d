/** Lets so many tasks run at once and so many wait; the next one is turned away, before it has cost anything. */
export interface WorkGate {
  /** Settles as `task` does. @throws what `refuse` makes, when the queue is full */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createWorkGate(limits: {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly refuse: () => Error;
}): WorkGate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(task) {
      if (running >= limits.atOnce) {
        if (waiting.length >= limits.mostWaiting) throw limits.refuse();
        // Whoever ends hands the place on, so that nobody who comes later slips in between.
        const turn = Promise.withResolvers<void>();
        waiting.push(turn.resolve);
        await turn.promise;
      } else {
        running += 1;
      }
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
