import type { Explanation } from '../../shared/api/explanation.ts';
import type { ExplanationRequest } from '../../shared/inference/explain-image.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { OpenedModel, OpenProgress } from './analysis-api.ts';
import type { AnalysedImage, AnalysisWorker } from './analysis-worker.ts';
import { provisional, turnedDown, withWhatHappened } from './changed-choices.ts';
import type { EngineState, ModelReady, Preference, RuntimeChoice } from './engine-state.ts';
import { createObservable, type Observable } from './observable.ts';
import { openWithFewerThreads, type OpenWorker } from './open-with-fewer-threads.ts';
import { problemText } from './problem-text.ts';
import { bestThreads, chooseRuntimes, mergeTrials, openOptionsFor } from './runtime-plan.ts';
import type { RuntimeStore } from './runtime-store.ts';
import { firstOptions, type RuntimeTrials } from './runtime-trials.ts';
import { createTurns } from './turns.ts';
import { whileWanted } from './while-wanted.ts';

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
  /**
   * Explains a result of an image that has been read; takes turns with the images. Replaces a runtime that fails, as `analyse`.
   * @throws AppError as `analyse`; `onnx.*`, `model.check-failed`, `model.load-failed`: this device cannot compute this one
   */
  explain(
    open: () => Promise<ArrayBuffer>,
    request: ExplanationRequest,
    signal: AbortSignal,
  ): Promise<Explanation>;
  /** Forgets what was chosen and measures again. */
  testAgain(): Promise<void>;
  preference(): Preference;
  setPreference(preference: Preference): Promise<void>;
}

export interface EngineDeps {
  readonly openWorker: OpenWorker;
  readonly trials: RuntimeTrials;
  readonly store: RuntimeStore;
  /** Threads to try first. */
  readonly threads: number;
  /** What this browser or page lacks, so that nothing can be read here. */
  readonly missing: AppError | undefined;
  /** What a choice holds for: see `StoredRuntimes`. */
  readonly circumstances: string;
  readonly wallClock: () => Date;
  /** A worker is replaced after so many images, or when it holds so much memory. */
  readonly recycle: { readonly images: number; readonly bytes: number };
}

/** After these the worker is not used again, and what it was asked is asked once more of another. */
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
  const turns = createTurns<'image' | 'explanation'>();
  /** Images and explanations that somebody waits for. */
  let asked = 0;
  /** Another runtime was chosen while something was being computed. */
  let replacementDue = false;
  let background = new AbortController();
  let giveUpOpening = new AbortController();
  /** Workers that were stopped on purpose: their end is nobody's fault. */
  const letGo = new WeakSet<AnalysisWorker>();

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

  function showReady({ report }: AnalysisWorker): void {
    const models = report.models.map((model): ModelReady => ({ ...model, choice: choiceOf(model) }));
    state.set({ phase: 'ready', models, keptOffline: report.kept });
  }

  /** What goes on beside the reading; an engine that cannot read has other things to say. */
  function tell(activity: string | undefined): void {
    const current = state.getSnapshot();
    if (current.phase !== 'ready') return;
    const { background: _, ...rest } = current;
    const models = rest.models.map((model) => ({
      ...model,
      choice: choices.find((choice) => choice.model === model.name) ?? model.choice,
    }));
    state.set({ ...rest, models, ...(activity !== undefined && { background: activity }) });
  }

  function choiceOf(model: OpenedModel): RuntimeChoice {
    return choices.find((choice) => choice.model === model.name) ?? provisional(model, deps.wallClock());
  }

  /** Starts a worker for the present choices, and notes when it had to take another way than the chosen one. */
  async function openWorker(signal: AbortSignal): Promise<AnalysisWorker> {
    imagesRead = 0;
    if (deps.missing !== undefined) throw deps.missing;
    const options = choices.length > 0 ? openOptionsFor(choices) : firstOptions(deps.threads);
    const opened = await openWithFewerThreads(deps.openWorker, options, onProgress, signal);
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
    const before = choices;
    choices = choices.map((choice) => withWhatHappened(choice, models, deps.wallClock()));
    if (choices.some((choice, index) => choice !== before[index])) await remember();
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

  /** Lets go of the worker. What is being read by it is read again by the next. */
  async function drop(): Promise<void> {
    const dropped = worker;
    worker = undefined;
    // One that waits for the network would never settle by itself.
    giveUpOpening.abort();
    const opened = await dropped?.catch(() => undefined);
    if (opened === undefined) return;
    letGo.add(opened);
    opened.stop();
  }

  /** A worker that has failed is not used again; the one that has taken its place meanwhile is. */
  async function dropFailed(failed: AnalysisWorker): Promise<void> {
    failed.stop();
    const current = await worker?.catch(() => undefined);
    if (current === failed) await drop();
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
    let trouble: string | undefined;
    try {
      await deps.trials(known, preference, {
        signal,
        tell,
        settle: async (reports) => {
          signal.throwIfAborted();
          choices = chooseRuntimes(mergeTrials(reports), preference, deps.wallClock().toISOString());
          await remember();
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      trouble = `The comparison was not finished: ${describeThrown(error)}`;
    }
    tell(trouble);
    replacementDue = choices.length > 0 && JSON.stringify(openOptionsFor(choices)) !== inUse;
    if (replacementDue && asked === 0) await replace();
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

  async function restart(): Promise<void> {
    background.abort();
    state.set({ phase: 'starting' });
    await drop();
    await open();
  }

  async function testAgain(): Promise<void> {
    choices = [];
    await restart();
  }

  /** The graphics processor failed in the middle of its work: from now on without it. */
  async function turnDownGpu(why: string): Promise<void> {
    const threads = bestThreads(choices);
    choices = choices.map((choice) =>
      choice.backend === 'webgpu'
        ? turnedDown(choice, why, { backend: 'wasm', threads }, deps.wallClock())
        : choice,
    );
    await remember();
  }

  async function recycleIfDue(used: AnalysisWorker): Promise<void> {
    const bytes = await used.memoryBytes().catch(() => undefined);
    const spent = imagesRead >= deps.recycle.images || (bytes ?? 0) >= deps.recycle.bytes;
    if (spent || replacementDue) await replace();
  }

  async function readBy(
    current: AnalysisWorker,
    file: ArrayBuffer,
    signal: AbortSignal,
  ): Promise<AnalysedImage> {
    const analysed = await current.analyse(file, signal);
    const afterwards = async (): Promise<void> => {
      await analysed.thumbnail;
      imagesRead += 1;
      await recycleIfDue(current);
    };
    // The result does not wait for it; what comes next does.
    recycling = afterwards();
    return analysed;
  }

  async function explainBy(
    current: AnalysisWorker,
    file: ArrayBuffer,
    request: ExplanationRequest,
    signal: AbortSignal,
  ): Promise<Explanation> {
    const explanation = await current.explain(file, request, signal);
    recycling = recycleIfDue(current);
    return explanation;
  }

  async function withSecondTry<Result>(
    openFile: () => Promise<ArrayBuffer>,
    signal: AbortSignal,
    use: (current: AnalysisWorker, file: ArrayBuffer) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ;) {
      const current = await workerFor(signal);
      const file = await openFile();
      try {
        return await use(current, file);
      } catch (error) {
        signal.throwIfAborted();
        if (letGo.has(current)) continue;
        if (!(error instanceof AppError) || !workerIsSpent.has(error.code)) throw error;
        await dropFailed(current);
        const usedGpu = current.report.models.some(({ runtime }) => runtime.backend === 'webgpu');
        const gpuFailed = usedGpu && (error.code !== 'inference.worker-died' || attempt === attempts);
        if (gpuFailed) await turnDownGpu(`it failed while it was reading (${error.message})`);
        else if (attempt >= attempts) throw error;
        attempt += 1;
      }
    }
  }

  async function counted<Result>(work: Promise<Result>): Promise<Result> {
    asked += 1;
    try {
      return await work;
    } finally {
      asked -= 1;
    }
  }

  async function workerFor(signal: AbortSignal): Promise<AnalysisWorker> {
    signal.throwIfAborted();
    return whileWanted(recycling.then(ready), state, signal);
  }

  return {
    ...state,
    start,
    retry() {
      const { phase } = state.getSnapshot();
      if (phase === 'stopped' || phase === 'fetching') void restart();
    },
    testAgain,
    preference: () => preference,
    async setPreference(wanted) {
      preference = wanted;
      // What was chosen under the other preference must not outlive a page that is closed now.
      choices = [];
      await remember();
      await restart();
    },
    analyse: (openFile, signal) =>
      counted(
        turns.take('image', signal, () =>
          withSecondTry(openFile, signal, (current, file) => readBy(current, file, signal)),
        ),
      ),
    explain: (openFile, request, signal) =>
      counted(
        turns.take('explanation', signal, () =>
          withSecondTry(openFile, signal, (current, file) => explainBy(current, file, request, signal)),
        ),
      ),
  };
}
