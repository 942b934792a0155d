import { AppError } from '../kernel/errors.ts';
import type { ModelManifest } from './manifest.ts';
import { type GradientTools, type ModelGradients, modelGradients } from './model-gradients.ts';
import type { ReferenceCheckPassed } from './reference-check.ts';
import type { ModelSession, StartSession } from './session.ts';
import { tryRuntime } from './try-runtime.ts';
import { type ModelFiles, verifyModel } from './verify-model.ts';

/** A model that may be used: its weights are the ones its manifest names, and its runtime has repeated the reference. */
export interface LoadedModel<Manifest extends ModelManifest = ModelManifest> {
  readonly manifest: Manifest;
  readonly session: ModelSession;
  readonly gradients: ModelGradients;
  readonly check: ReferenceCheckPassed;
  /** Runtimes that were tried before and turned down, with the reason. */
  readonly rejected: readonly string[];
}

/**
 * Verifies the files and starts the first runtime that passes the reference check.
 * @param runtimes in order of preference, at least one
 * @throws AppError `model.bad-manifest`, `model.hash-mismatch`, or `model.check-failed` when no runtime computes correctly
 */
export async function loadModel(
  files: ModelFiles,
  runtimes: readonly StartSession[],
  tools: GradientTools,
): Promise<LoadedModel> {
  const model = await verifyModel(files, tools.sha256);
  const rejected: string[] = [];
  for (const start of runtimes) {
    const trial = await tryRuntime(model, start);
    if ('session' in trial) {
      return { manifest: model.manifest, ...trial, gradients: modelGradients(model, start, tools), rejected };
    }
    rejected.push(trial.rejected);
  }
  throw new AppError('model.check-failed', `${model.manifest.name}: ${rejected.join('; ')}`, {
    details: { rejected },
  });
}
