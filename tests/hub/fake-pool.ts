import type { Analysis } from '../../shared/api/analysis.ts';
import type { InferencePool, ModelStatus, ReadJob } from '../../server/inference/pool-api.ts';
import { aReading } from '../fixtures/analysis-builder.ts';

export const aModelStatus: ModelStatus = {
  name: 'fake-classifier',
  version: '1.0.0',
  sha256: 'b'.repeat(64),
  runtime: { name: 'fake', version: '1.0.0', backend: 'cpu', threads: 1 },
  maxError: 1.2e-6,
  values: 42,
  rejectedRuntimes: [],
};

export interface FakePool extends InferencePool {
  /** What it was asked to read. */
  readonly jobs: ReadJob[];
}

/** Answers at once with what `answer` returns or throws. */
export function fakePool(answer: (job: ReadJob) => Analysis = () => aReading()): FakePool {
  const jobs: ReadJob[] = [];
  return {
    jobs,
    size: 2,
    ready: () => Promise.resolve([aModelStatus]),
    read: async (job) => {
      jobs.push(job);
      return { analysis: answer(job) };
    },
    load: () => ({ waiting: 0, running: 0, restarts: 0 }),
    close: () => Promise.resolve(),
  };
}
