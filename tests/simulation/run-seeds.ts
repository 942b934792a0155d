import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { SeedReport, SimulationOptions } from './seed-report.ts';
import type { SeedAnswer, SeedTask } from './seed-worker.ts';
import { noFaults } from './faults.ts';

const workerPath = fileURLToPath(new URL('seed-worker.ts', import.meta.url));

/** Where Node keeps what it has compiled. */
const compiled = fileURLToPath(new URL('../../.cache/node', import.meta.url));

/** A process that stands still for this long is taken for an endless loop. */
const longestSeedMs = 180_000;

export interface RunOptions extends SimulationOptions {
  readonly mutant?: string;
  readonly workers?: number;
}

interface Worker {
  run(seed: number): Promise<SeedReport>;
  stop(): void;
}

function failed(seed: number, invariant: string, message: string): SeedReport {
  return {
    seed,
    digest: '',
    events: 0,
    entries: 0,
    operations: {},
    faults: noFaults(),
    conflicts: {},
    checks: {},
    violation: { invariant, message, lastEvents: [] },
  };
}

function startWorker({ mutant, devices, ops, store, journal }: RunOptions): Worker {
  const options = { devices, ops, store, ...(journal === undefined ? {} : { journal }) };
  const start = (): ChildProcess =>
    fork(workerPath, mutant === undefined ? [] : [mutant], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { NODE_COMPILE_CACHE: compiled, ...process.env },
    });
  let child: ChildProcess | undefined;

  function run(seed: number): Promise<SeedReport> {
    const running = (child ??= start());
    return new Promise((resolve) => {
      let said = '';
      const settle = (report: SeedReport): void => {
        clearTimeout(limit);
        running.off('message', onMessage).off('exit', onExit);
        running.stderr?.removeAllListeners('data');
        resolve(report);
      };
      const end = (invariant: string, message: string): void => {
        child = undefined;
        settle(failed(seed, invariant, message));
      };
      const onExit = (): void => end('the process lives', said.slice(-4000) || 'it died without a word');
      const onMessage = (answer: SeedAnswer): void => {
        if ('failure' in answer) settle(failed(seed, 'nothing unexpected is thrown', answer.failure));
        else settle(answer);
      };
      const limit = setTimeout(() => {
        running.off('exit', onExit).kill('SIGKILL');
        end('every seed comes to an end', `nothing was heard for ${longestSeedMs / 1000} s`);
      }, longestSeedMs);
      running.on('message', onMessage).on('exit', onExit);
      running.stderr?.on('data', (data: Buffer) => (said += String(data)));
      running.send({ seed, options } satisfies SeedTask);
    });
  }

  return { run, stop: () => void child?.kill() };
}

/**
 * Runs seeds in as many processes as there are cores.
 * @param onReport called in the order of the seeds; false ends the run early
 */
export async function runSeeds(
  seeds: readonly number[],
  options: RunOptions,
  onReport: (report: SeedReport) => boolean | void,
): Promise<void> {
  const workers = Array.from(
    { length: Math.min(options.workers ?? availableParallelism(), seeds.length) },
    () => startWorker(options),
  );
  const reports = new Map<number, SeedReport>();
  let next = 0;
  let told = 0;
  let ended = false;
  async function work(worker: Worker): Promise<void> {
    while (next < seeds.length && !ended) {
      const place = next++;
      reports.set(place, await worker.run(seeds[place]!));
      for (let report = reports.get(told); report !== undefined && !ended; report = reports.get(told)) {
        reports.delete(told);
        told += 1;
        if (onReport(report) === false) ended = true;
      }
    }
  }
  try {
    await Promise.all(workers.map((worker) => work(worker)));
  } finally {
    for (const worker of workers) worker.stop();
  }
}
