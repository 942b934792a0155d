import type { OpenedModel } from './analysis-api.ts';
import type { RuntimeChoice, RuntimeTrial } from './engine-state.ts';

/** What becomes of a choice when the way that was chosen fails. */

/** Before anything has been compared. */
export function provisional({ name, sha256, runtime, trials }: OpenedModel, now: Date): RuntimeChoice {
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

type Way = Pick<RuntimeTrial, 'backend' | 'threads'>;

const isWay = (a: Way, b: Way): boolean => a.backend === b.backend && a.threads === b.threads;

/** The chosen way is not used any more; `instead` is. */
export function turnedDown(choice: RuntimeChoice, why: string, instead: Way, now: Date): RuntimeChoice {
  const what =
    choice.backend === 'webgpu'
      ? 'The graphics processor is'
      : `${choice.threads} threads of the processor are`;
  return {
    ...choice,
    backend: instead.backend,
    threads: instead.threads,
    reason: `${what} not used any more: ${why}.`,
    trials: choice.trials.map((trial) =>
      isWay(trial, choice) ? { backend: trial.backend, threads: trial.threads, rejected: why } : trial,
    ),
    chosenAt: now.toISOString(),
  };
}

/** A way that was chosen once may fail its check today. */
export function withWhatHappened(
  choice: RuntimeChoice,
  models: readonly OpenedModel[],
  now: Date,
): RuntimeChoice {
  const model = models.find(({ name }) => name === choice.model);
  if (model === undefined) return choice;
  // Beside a graphics processor the number of threads is that of the way behind it.
  if (isWay(model.runtime, choice)) return choice;
  const why = model.trials.find(({ rejected }) => rejected !== undefined)?.rejected ?? 'it did not start';
  return turnedDown(choice, why, model.runtime, now);
}
