import { AppError } from '../kernel/errors.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest, SegmentationManifest } from '../model/manifest.ts';
import { scoredOutput } from '../model/model-gradients.ts';
import type { StandardisedPicture } from './baseline.ts';
import type { Subject } from './explain.ts';
import { weighed } from './path-gradients.ts';
import { tensorOf } from './prepare.ts';
import type { Box } from '../imaging/resample.ts';

/** A picture in front of a model, and the score that is asked about. */
export interface Question {
  readonly subject: Subject;
  /** The score of another picture, by the model's ordinary, checked session. @throws AppError `model.*` */
  readonly scoreOf: (values: Float32Array) => Promise<number>;
}

export function findingQuestion(
  classifier: LoadedModel<ClassificationManifest>,
  picture: StandardisedPicture,
  box: Box,
  findingIndex: number,
  logit: number,
): Question {
  const cotangent = new Float32Array(classifier.manifest.findings.length);
  cotangent[findingIndex] = 1;
  return question(classifier, picture, box, cotangent, logit);
}

/** The lungs are explained as a region: the mean logit over what was found to be lung. */
export async function lungsQuestion(
  lungs: LoadedModel<SegmentationManifest>,
  picture: StandardisedPicture,
  box: Box,
): Promise<Question> {
  const { outputs, segmentation } = lungs.manifest;
  const logits = (await lungs.session.run(tensorOf(picture))).get(outputs.mask)?.data;
  if (logits === undefined) throw new AppError('model.bad-output', 'the mask is missing');
  const inside = logits.map((logit) => (logit > segmentation.threshold ? 1 : 0));
  const size = inside.reduce((sum, each) => sum + each, 0);
  const cotangent = inside.map((each) => each / Math.max(1, size));
  return question(lungs, picture, box, cotangent, weighed(logits, cotangent, 0));
}

function question(
  model: LoadedModel,
  picture: StandardisedPicture,
  box: Box,
  cotangent: Float32Array,
  score: number,
): Question {
  const output = scoredOutput(model.manifest);
  return {
    subject: { gradients: model.gradients, picture, cotangent, score, box },
    async scoreOf(values) {
      const logits = (await model.session.run(tensorOf({ ...picture, values }))).get(output)?.data;
      if (logits === undefined) throw new AppError('model.bad-output', `output ${output} is missing`);
      return weighed(logits, cotangent, 0);
    },
  };
}
