const steps = ['decode', 'intake', 'segment', 'prepare', 'classify', 'explain'] as const;
type Step = (typeof steps)[number];

export interface Stopwatch {
  /** The time since the last lap (or the start) is added to this step. */
  lap(step: Step): void;
  times(): Record<Step | 'total', number>;
}

/** Times of the pipeline's steps in milliseconds, rounded to hundredths; `now` must be monotonic. */
export function stopwatch(now: () => number): Stopwatch {
  const started = now();
  let last = started;
  const sums: Record<Step, number> = {
    decode: 0,
    intake: 0,
    segment: 0,
    prepare: 0,
    classify: 0,
    explain: 0,
  };
  const rounded = (ms: number): number => Math.max(0, Math.round(ms * 100) / 100);
  return {
    lap(step) {
      const current = now();
      sums[step] += current - last;
      last = current;
    },
    times: () => ({
      decode: rounded(sums.decode),
      intake: rounded(sums.intake),
      segment: rounded(sums.segment),
      prepare: rounded(sums.prepare),
      classify: rounded(sums.classify),
      explain: rounded(sums.explain),
      total: rounded(now() - started),
    }),
  };
}
