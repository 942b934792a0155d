import { createHash } from 'node:crypto';
import type { Sha256 } from '../../shared/kernel/hash.ts';
import type { PipelineContext } from '../../shared/inference/analyse.ts';
import { modelNames, pipelineModels } from '../../shared/inference/pipeline-models.ts';
import { type LoadedModel, loadModel } from '../../shared/model/load-model.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { programVersion } from '../program-version.ts';
import { gradientFiles } from './gradient-files.ts';
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
  const opened: LoadedModel[] = [];
  for (const name of modelNames) opened.push(await openModel(modelsDir, name, runtimes));
  return {
    ...pipelineModels(opened),
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
  return loadModel(await readModelFiles(modelsDir, name), runtimes, {
    sha256: nodeSha256,
    cache: gradientFiles,
  });
}
