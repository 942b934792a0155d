/** One after the other, in the order of the calls; what fails fails alone. */
export interface SerialQueue {
  /** Settles as `task` does. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task);
      // The one that comes next must not inherit the failure.
      last = result.catch(() => undefined);
      return result;
    },
  };
}
