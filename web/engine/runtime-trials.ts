import { describeThrown } from '../../shared/kernel/errors.ts';
import type { OpenedModel, OpenOptions, OpenProgress } from './analysis-api.ts';
import type { Backend, Preference, RuntimeTrial } from './engine-state.ts';
import type { OpenWorker } from './open-with-fewer-threads.ts';
import { modelNames } from '../../shared/inference/pipeline-models.ts';

/** Tries every way to compute that `known` has no trial of, each in a worker of its own. */
export type RuntimeTrials = (
  known: readonly OpenedModel[],
  preference: Preference,
  events: TrialEvents,
) => Promise<void>;

type Reports = readonly (readonly OpenedModel[])[];

export interface TrialEvents {
  readonly signal: AbortSignal;
  /** What is going on, for the person. */
  readonly tell: (activity: string) => void;
  /** All trials so far. Called before the large download, too: it may never arrive. */
  readonly settle: (reports: Reports) => Promise<void>;
}

export interface TrialDeps {
  readonly openWorker: OpenWorker;
  readonly prefetch: (
    backend: Backend,
    onProgress: (progress: OpenProgress) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Undefined when the graphics processor is worth a trial, else why it is not. */
  readonly gpuUnusable: () => Promise<string | undefined>;
  /** Threads that were tried first. */
  readonly threads: number;
}

export function optionsFor(backend: Backend, threads: number): OpenOptions {
  const backends = Object.fromEntries(modelNames.map((name) => [name, [backend]]));
  return { threads, backends, measure: true };
}

/** WebAssembly first: it is there on every device, and its download is half as large. */
export function firstOptions(threads: number): OpenOptions {
  return optionsFor('wasm', threads);
}

export function createRuntimeTrials(deps: TrialDeps): RuntimeTrials {
  type Setting = Pick<RuntimeTrial, 'backend' | 'threads'>;

  async function trial(
    known: readonly OpenedModel[],
    { backend, threads }: Setting,
    signal: AbortSignal,
  ): Promise<readonly OpenedModel[]> {
    try {
      const worker = await deps.openWorker(optionsFor(backend, threads), () => undefined, signal);
      worker.stop();
      return worker.report.models;
    } catch (error) {
      signal.throwIfAborted();
      return rejectedBy(error, known, { backend, threads });
    }
  }

  return async (known, preference, { signal, tell, settle }) => {
    const reports: (readonly OpenedModel[])[] = [known];
    const isTried = ({ backend, threads }: Setting): boolean =>
      known.every(({ trials }) =>
        trials.some((each) => each.backend === backend && each.threads === threads),
      );

    for (const threads of new Set([deps.threads, 1])) {
      const setting = { backend: 'wasm', threads } as const;
      if (isTried(setting)) continue;
      tell('Comparing ways to compute…');
      reports.push(await trial(known, setting, signal));
    }
    await settle(reports);
    const gpu = { backend: 'webgpu', threads: 1 } as const;
    if (preference === 'wasm' || isTried(gpu)) return;

    const unusable = await deps.gpuUnusable();
    if (unusable !== undefined && preference !== 'webgpu') {
      await settle([...reports, rejectedBy(unusable, known, gpu)]);
      return;
    }
    await deps.prefetch('webgpu', (event) => tell(gpuProgress(event)), signal);
    tell('Trying the graphics processor…');
    await settle([...reports, await trial(known, gpu, signal)]);
  };
}

function gpuProgress(event: OpenProgress): string {
  if (event.step !== 'fetch') return 'Checking the graphics processor…';
  if (event.waitingForNetwork) return 'The program for the graphics processor waits for the network.';
  const { loadedBytes, totalBytes } = event.progress;
  return `Fetching the program for the graphics processor: ${Math.floor((100 * loadedBytes) / totalBytes)} %`;
}

/** The same reason for every model. */
function rejectedBy(
  reason: unknown,
  known: readonly OpenedModel[],
  setting: Pick<RuntimeTrial, 'backend' | 'threads'>,
): readonly OpenedModel[] {
  const rejected = describeThrown(reason);
  return known.map((model) => ({ ...model, trials: [{ ...setting, rejected }] }));
}
