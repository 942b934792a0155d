import type { OpenedModel, OpenOptions } from './analysis-api.ts';
import type { Backend, Preference, RuntimeChoice, RuntimeTrial } from './engine-state.ts';

/** Which way of computing a device uses for each model: from trials, by rules that can be read here. */

export interface DeviceFacts {
  readonly cores: number;
  /** `crossOriginIsolated`: without it there are no threads. */
  readonly isolated: boolean;
  /** iPhones and iPads hang with threads (onnxruntime#11679, #22086). */
  readonly isAppleMobile: boolean;
}

const mostThreads = 4;

export function threadsToTry({ cores, isolated, isAppleMobile }: DeviceFacts): number {
  return isolated && !isAppleMobile ? Math.max(1, Math.min(mostThreads, cores)) : 1;
}

/** Every trial of one model, from however many workers. */
export interface ModelTrials {
  readonly model: string;
  readonly modelSha256: string;
  readonly trials: readonly RuntimeTrial[];
}

/** A graphics processor can fail without a word, so a small gain is not worth it. */
const gpuMustBeFaster = 1.25;

function inWords({ backend, threads }: RuntimeTrial): string {
  if (backend === 'webgpu') return 'the graphics processor';
  return threads === 1 ? 'the processor without threads' : `the processor with ${threads} threads`;
}

function fastest(trials: readonly RuntimeTrial[]): RuntimeTrial | undefined {
  return trials.filter(passed).toSorted((a, b) => a.runMs! - b.runMs!)[0];
}

function passed({ runMs }: RuntimeTrial): boolean {
  return runMs !== undefined;
}

/** Each thread takes a core from decoding and from the page, also between two runs. */
const threadsMustBeFaster = 1.25;

/** The number of threads that is best over all models: a worker has one such setting. */
export function bestThreads(models: readonly Pick<ModelTrials, 'trials'>[]): number {
  const totals = new Map<number, number>();
  const settings = new Set(models.flatMap(({ trials }) => trials.map(({ threads }) => threads)));
  for (const threads of settings) {
    const times = models.map(
      ({ trials }) =>
        trials.find((trial) => trial.backend === 'wasm' && trial.threads === threads && passed(trial))?.runMs,
    );
    if (times.every((ms) => ms !== undefined))
      totals.set(
        threads,
        times.reduce((sum, ms) => sum + ms, 0),
      );
  }
  const cost = ([threads, ms]: readonly [number, number]): number =>
    threads === 1 ? ms : ms * threadsMustBeFaster;
  return [...totals].sort((a, b) => cost(a) - cost(b))[0]?.[0] ?? 1;
}

/** One choice a model. A backend that the person prefers is taken if it passed, however slow. */
export function chooseRuntimes(
  models: readonly ModelTrials[],
  preference: Preference,
  chosenAt: string,
): RuntimeChoice[] {
  const threads = bestThreads(models);
  return models.map(({ model, modelSha256, trials }) => {
    const wasm = fastest(trials.filter((trial) => trial.backend === 'wasm' && trial.threads === threads));
    const gpu = fastest(trials.filter(({ backend }) => backend === 'webgpu'));
    const gpuWins = gpu !== undefined && (wasm === undefined || gpu.runMs! * gpuMustBeFaster <= wasm.runMs!);
    const useGpu = preference === 'automatic' ? gpuWins : preference === 'webgpu' && gpu !== undefined;
    const chosen = (useGpu ? gpu : wasm) ?? { backend: 'wasm' as const, threads };
    return {
      model,
      modelSha256,
      backend: chosen.backend,
      threads: chosen.threads,
      reason: reasonFor(chosen, trials, preference),
      trials,
      chosenAt,
    };
  });
}

function reasonFor(chosen: RuntimeTrial, trials: readonly RuntimeTrial[], preference: Preference): string {
  const others = trials.filter((trial) => trial !== chosen);
  const rejected = others.filter((trial) => !passed(trial));
  const turnedDown = rejected
    .map((trial) => `${capital(inWords(trial))} was turned down: ${trial.rejected}.`)
    .join(' ');
  const slower = others.filter(passed).length;
  const why =
    preference === chosen.backend
      ? `${capital(inWords(chosen))} was asked for in the settings.`
      : slower > 0
        ? `${capital(inWords(chosen))} is the best choice of ${slower + 1} that compute right here.`
        : `${capital(inWords(chosen))} computes right here.`;
  return [why, turnedDown].filter((text) => text !== '').join(' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How to open a worker for these choices; the WebAssembly runtime stands behind every other. */
export function openOptionsFor(choices: readonly RuntimeChoice[]): OpenOptions {
  const threads = choices.find(({ backend }) => backend === 'wasm')?.threads ?? bestThreads(choices);
  const backends = Object.fromEntries(
    choices.map(({ model, backend }): [string, Backend[]] => [
      model,
      backend === 'wasm' ? ['wasm'] : [backend, 'wasm'],
    ]),
  );
  return { threads, backends, measure: false };
}

/** Puts the trials of several workers together, by model. */
export function mergeTrials(reports: readonly (readonly OpenedModel[])[]): ModelTrials[] {
  const merged = new Map<string, { modelSha256: string; trials: RuntimeTrial[] }>();
  for (const { name, sha256, trials } of reports.flat()) {
    const known = merged.get(name);
    if (known === undefined) merged.set(name, { modelSha256: sha256, trials: [...trials] });
    else known.trials.push(...trials);
  }
  return Array.from(merged, ([model, rest]) => ({ model, ...rest }));
}
