import { createHash } from 'node:crypto';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Sha256 } from '../../shared/kernel/hash.ts';
import type { PipelineContext } from '../../shared/inference/analyse.ts';
import { classActivationMap } from '../../shared/inference/class-activation-map.ts';
import { type LoadedModel, loadModel } from '../../shared/model/load-model.ts';
import type { ModelManifest } from '../../shared/model/manifest.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { programVersion } from '../program-version.ts';
import { loadCodecFile } from './codec-files.ts';
import { readModelFiles } from './model-files.ts';
import { nodeRuntimes } from './node-runtimes.ts';

export const nodeSha256: Sha256 = async (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Loads and checks the models and hands the pipeline everything Node has for it.
 * @throws AppError `model.*` when a model cannot be used on any runtime
 */
export async function openPipeline(
  modelsDir: string,
  runtimes: readonly StartSession[] = nodeRuntimes,
): Promise<PipelineContext> {
  const lungs = await openModel(modelsDir, 'cxr-lungs', runtimes);
  const classifier = await openModel(modelsDir, 'cxr-pneumonia', runtimes);
  if (!isTask(lungs, 'segmentation')) throw new AppError('model.bad-manifest', 'cxr-lungs does not segment');
  if (!isTask(classifier, 'classification'))
    throw new AppError('model.bad-manifest', 'cxr-pneumonia does not classify');
  return {
    lungs,
    classifier,
    explain: classActivationMap,
    loadCodec: loadCodecFile,
    sha256: nodeSha256,
    now: () => performance.now(),
    wallClock: () => new Date(),
    programVersion,
  };
}

async function openModel(
  modelsDir: string,
  name: string,
  runtimes: readonly StartSession[],
): Promise<LoadedModel> {
  return loadModel(await readModelFiles(modelsDir, name), runtimes, nodeSha256);
}

function isTask<Task extends ModelManifest['task']>(
  model: LoadedModel,
  task: Task,
): model is LoadedModel<Extract<ModelManifest, { task: Task }>> {
  return model.manifest.task === task;
}
