import { AppError } from '../kernel/errors.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest, ModelManifest, SegmentationManifest } from '../model/manifest.ts';

/** The models that the pipeline is made of; folders in `models/`. */
const lungsName = 'cxr-lungs';
const classifierName = 'cxr-pneumonia';
export const modelNames = [lungsName, classifierName] as const;

function isTask<Task extends ModelManifest['task']>(
  model: LoadedModel,
  task: Task,
): model is LoadedModel<Extract<ModelManifest, { task: Task }>> {
  return model.manifest.task === task;
}

/**
 * Each model in its place.
 * @throws AppError `model.missing`, or `model.bad-manifest` when one is not made for its task
 */
export function pipelineModels(opened: readonly LoadedModel[]): {
  readonly lungs: LoadedModel<SegmentationManifest>;
  readonly classifier: LoadedModel<ClassificationManifest>;
} {
  const named = (name: string): LoadedModel => {
    const model = opened.find(({ manifest }) => manifest.name === name);
    if (model === undefined) throw new AppError('model.missing', `${name} was not opened`);
    return model;
  };
  const lungs = named(lungsName);
  const classifier = named(classifierName);
  if (!isTask(lungs, 'segmentation'))
    throw new AppError('model.bad-manifest', `${lungsName} does not segment`);
  if (!isTask(classifier, 'classification')) {
    throw new AppError('model.bad-manifest', `${classifierName} does not classify`);
  }
  return { lungs, classifier };
}
