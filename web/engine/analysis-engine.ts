import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { AnalysedImage, OpenedModel, OpenOptions, OpenProgress } from './analysis-api.ts';
import type { AnalysisWorker } from './analysis-worker.ts';
import type { EngineState, ModelReady, Preference, RuntimeChoice } from './engine-state.ts';
import { createObservable, type Observable } from './observable.ts';
import { problemText } from './problem-text.ts';
import { bestThreads, chooseRuntimes, mergeTrials, openOptionsFor } from './runtime-plan.ts';
import type { RuntimeStore } from './runtime-store.ts';
import { firstOptions, type RuntimeTrials } from './runtime-trials.ts';

export interface AnalysisEngine extends Observable<EngineState> {
  /** Fetches, checks and chooses. Settles when it can read or has stopped; never rejects. */
  start(): Promise<void>;
  /** After `stopped`, or while it waits for the network: once more from the beginning. What has arrived is not fetched again. */
  retry(): void;
  /**
   * Reads one image, as soon as it can. `open` may be called again: a runtime that fails is replaced and the image read anew.
   * An abort ends the worker; the next image starts another.
   * @throws AppError `inference.*`, `model.*`; what `open` throws; the signal's reason
   */
  analyse(open: () => Promise<ArrayBuffer>, signal: AbortSignal): Promise<AnalysedImage>;
  /** Forgets what was chosen and measures again. */
  testAgain(): Promise<void>;
  preference(): Preference;
  setPreference(preference: Preference): Promise<void>;
}

export interface EngineDeps {
  readonly openWorker: (
    options: OpenOptions,
    onProgress: (progress: OpenProgress) => void,
    signal?: AbortSignal,
  ) => Promise<AnalysisWorker>;
  readonly trials: RuntimeTrials;
  readonly store: RuntimeStore;
  /** Threads to try first. */
  readonly threads: number;
  /** What a choice holds for: see `StoredRuntimes`. */
  readonly circumstances: string;
  readonly wallClock: () => Date;
  /** A worker is replaced after so many images, or when it holds so much memory. */
  readonly recycle: { readonly images: number; readonly bytes: number };
}

/** After these the worker is not used again, and the image is read once more by another. */
const workerIsSpent = new Set([
  'inference.worker-died',
  'model.run-failed',
  'model.bad-output',
  'device.gpu-lost',
]);
const attempts = 2;

export function createAnalysisEngine(deps: EngineDeps): AnalysisEngine {
  const state = createObservable<EngineState>({ phase: 'starting' });
  let preference: Preference = 'automatic';
  let choices: readonly RuntimeChoice[] = [];
  let worker: Promise<AnalysisWorker> | undefined;
  let imagesRead = 0;
  let recycling: Promise<void> = Promise.resolve();
  /** Images being read. */
  let reading = 0;
  /** Another runtime was chosen while an image was being read. */
  let replacementDue = false;
  let background = new AbortController();
  let giveUpOpening = new AbortController();

  function onProgress(event: OpenProgress): void {
    // A worker that replaces another is no news, unless it cannot go on by itself.
    const isStuck = event.step === 'fetch' && event.waitingForNetwork;
    if (state.getSnapshot().phase === 'ready' && !isStuck) return;
    state.set(
      event.step === 'fetch'
        ? { phase: 'fetching', progress: event.progress, waitingForNetwork: event.waitingForNetwork }
        : { phase: 'checking', what: event.what },
    );
  }

  function remember(): Promise<void> {
    return deps.store.write({ preference, circumstances: deps.circumstances, choices });
  }

  function showReady({ report }: AnalysisWorker, activity?: string): void {
    const models = report.models.map((model): ModelReady => ({ ...model, choice: choiceOf(model) }));
    state.set({
      phase: 'ready',
      models,
      keptOffline: report.kept,
      ...(activity !== undefined && { background: activity }),
    });
  }

  function choiceOf(model: OpenedModel): RuntimeChoice {
    return choices.find((choice) => choice.model === model.name) ?? provisional(model, deps.wallClock());
  }

  /** Starts a worker for the present choices, and notes when it had to take another way than the chosen one. */
  async function openWorker(signal: AbortSignal): Promise<AnalysisWorker> {
    imagesRead = 0;
    const options = choices.length > 0 ? openOptionsFor(choices) : firstOptions(deps.threads);
    const opened = await openWithFewerThreads(deps, options, onProgress, signal);
    const { models } = opened.report;
    const changed = models.some(
      ({ name, sha256 }) => choices.find((c) => c.model === name)?.modelSha256 !== sha256,
    );
    if (choices.length > 0 && changed) {
      // The choice was made for other weights.
      choices = [];
      opened.stop();
      return openWorker(signal);
    }
    choices = choices.map((choice) => withWhatHappened(choice, models, deps.wallClock()));
    return opened;
  }

  /** Settles when the worker has ended: one that ends while nobody waits for it is replaced by the next image. */
  async function tellOf(opening: Promise<AnalysisWorker>, isCurrent: () => boolean): Promise<void> {
    try {
      const opened = await opening;
      showReady(opened);
      await opened.ended;
    } catch (error) {
      if (isCurrent()) state.set({ phase: 'stopped', problem: problemText(error) });
    }
  }

  function ready(): Promise<AnalysisWorker> {
    if (worker !== undefined) return worker;
    const controller = new AbortController();
    giveUpOpening = controller;
    const opening = openWorker(controller.signal);
    worker = opening;
    const forget = (): void => {
      if (worker === opening) worker = undefined;
    };
    void tellOf(opening, () => worker === opening).then(forget);
    return opening;
  }

  async function drop(): Promise<void> {
    const dropped = worker;
    worker = undefined;
    // One that waits for the network would never settle by itself.
    giveUpOpening.abort();
    (await dropped?.catch(() => undefined))?.stop();
  }

  /** Tries what has not been tried yet and chooses; the reading goes on meanwhile. */
  async function compare(first: AnalysisWorker): Promise<void> {
    background.abort();
    background = new AbortController();
    const { signal } = background;
    const inUse = JSON.stringify(
      openOptionsFor(choices.length > 0 ? choices : first.report.models.map(choiceOf)),
    );
    const known = first.report.models.map((model) => ({ ...model, trials: choiceOf(model).trials }));
    try {
      await deps.trials(known, preference, {
        signal,
        tell: (activity) => showReady(first, activity),
        settle: async (reports) => {
          signal.throwIfAborted();
          choices = chooseRuntimes(mergeTrials(reports), preference, deps.wallClock().toISOString());
          await remember();
        },
      });
      replacementDue = JSON.stringify(openOptionsFor(choices)) !== inUse;
      if (replacementDue && reading === 0) await replace();
      else showReady(first);
    } catch (error) {
      if (!signal.aborted) showReady(first, `The comparison was not finished: ${describeThrown(error)}`);
    }
  }

  async function replace(): Promise<void> {
    replacementDue = false;
    await drop();
    await ready().catch(() => undefined);
  }

  async function start(): Promise<void> {
    const stored = await deps.store.read();
    preference = stored?.preference ?? 'automatic';
    choices = stored?.circumstances === deps.circumstances ? stored.choices : [];
    await open();
  }

  async function open(): Promise<void> {
    const opened = await ready().catch(() => undefined);
    if (opened !== undefined && !isCompared()) void compare(opened);
  }

  /** The program for the graphics processor may not have arrived the last time. */
  function isCompared(): boolean {
    const triedGpu = choices.every(({ trials }) => trials.some(({ backend }) => backend === 'webgpu'));
    return choices.length > 0 && (preference === 'wasm' || triedGpu);
  }

  async function testAgain(): Promise<void> {
    background.abort();
    choices = [];
    await drop();
    state.set({ phase: 'starting' });
    await open();
  }

  /** The graphics processor failed in the middle of its work: from now on without it. */
  async function turnDownGpu(why: string): Promise<void> {
    const threads = bestThreads(choices);
    choices = choices.map((choice) =>
      choice.backend === 'webgpu' ? turnedDown(choice, why, threads, deps.wallClock()) : choice,
    );
    await remember();
  }

  async function recycleIfDue(used: AnalysisWorker): Promise<void> {
    imagesRead += 1;
    const bytes = await used.memoryBytes().catch(() => undefined);
    const spent = imagesRead >= deps.recycle.images || (bytes ?? 0) >= deps.recycle.bytes;
    if (spent || replacementDue) await replace();
  }

  async function readWithSecondTry(
    openFile: () => Promise<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<AnalysedImage> {
    for (let attempt = 1; ; attempt += 1) {
      await recycling;
      signal.throwIfAborted();
      const current = await ready();
      const file = await openFile();
      try {
        const analysed = await current.analyse(file, signal);
        // The result does not wait for it; the next image does.
        recycling = recycleIfDue(current);
        return analysed;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError) || !workerIsSpent.has(error.code)) throw error;
        const usedGpu = current.report.models.some(({ runtime }) => runtime.backend === 'webgpu');
        await drop();
        const gpuFailed = usedGpu && (error.code !== 'inference.worker-died' || attempt === attempts);
        if (gpuFailed) await turnDownGpu(`it failed while it was reading (${error.message})`);
        else if (attempt >= attempts) throw error;
      }
    }
  }

  return {
    ...state,
    start,
    retry() {
      const { phase } = state.getSnapshot();
      if (phase === 'stopped' || phase === 'fetching') void testAgain();
    },
    testAgain,
    preference: () => preference,
    async setPreference(wanted) {
      preference = wanted;
      await remember();
      await testAgain();
    },
    async analyse(openFile, signal) {
      reading += 1;
      try {
        return await readWithSecondTry(openFile, signal);
      } finally {
        reading -= 1;
      }
    },
  };
}

async function openWithFewerThreads(
  { openWorker }: EngineDeps,
  options: OpenOptions,
  onProgress: (progress: OpenProgress) => void,
  signal: AbortSignal,
): Promise<AnalysisWorker> {
  try {
    return await openWorker(options, onProgress, signal);
  } catch (error) {
    const maybeThreads = ['inference.timeout', 'inference.worker-died', 'model.check-failed'];
    if (
      signal.aborted ||
      options.threads === 1 ||
      !(error instanceof AppError) ||
      !maybeThreads.includes(error.code)
    )
      throw error;
    return openWorker({ ...options, threads: 1 }, onProgress, signal);
  }
}

/** Before anything has been compared. */
function provisional({ name, sha256, runtime, trials }: OpenedModel, now: Date): RuntimeChoice {
  return {
    model: name,
    modelSha256: sha256,
    backend: runtime.backend,
    threads: runtime.threads,
    reason: 'It computes right here; other ways have not been compared yet.',
    trials,
    chosenAt: now.toISOString(),
  };
}

function turnedDown(choice: RuntimeChoice, why: string, threads: number, now: Date): RuntimeChoice {
  return {
    ...choice,
    backend: 'wasm',
    threads,
    reason: `The graphics processor is not used any more: ${why}.`,
    trials: choice.trials.map((trial) =>
      trial.backend === 'webgpu' ? { backend: trial.backend, threads: trial.threads, rejected: why } : trial,
    ),
    chosenAt: now.toISOString(),
  };
}

/** A backend that was chosen once may fail its check today. */
function withWhatHappened(choice: RuntimeChoice, models: readonly OpenedModel[], now: Date): RuntimeChoice {
  const model = models.find(({ name }) => name === choice.model);
  if (model === undefined || model.runtime.backend === choice.backend) return choice;
  const why = model.trials.find(({ rejected }) => rejected !== undefined)?.rejected ?? 'it did not start';
  return turnedDown(choice, why, model.runtime.threads, now);
}
