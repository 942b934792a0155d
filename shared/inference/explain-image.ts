import type { ExplainMethod, Explanation } from '../api/explanation.ts';
import { decodeImage } from '../imaging/decode-image.ts';
import { AppError } from '../kernel/errors.ts';
import type { PipelineContext } from './analyse.ts';
import { finiteOutput } from './finite-output.ts';
import { judgedExplanation } from './judged-explanation.ts';
import { prepareLungs, tensorOf } from './prepare.ts';
import { segmentLungs, wholePicture } from './segment-lungs.ts';
import { findingQuestion, lungsQuestion } from './subjects.ts';

export interface ExplanationRequest {
  readonly method: ExplainMethod;
  /** The code of a finding, or `lungs` for how the lungs were found. */
  readonly of: string;
}

/**
 * Explains one result of an image that has been read.
 * @throws AppError `request.invalid` when it cannot have been read or there is no such finding; `image.*`, `model.*`, `onnx.*`
 */
export async function explainImage(
  bytes: Uint8Array,
  { method, of }: ExplanationRequest,
  { lungs: lungModel, classifier, loadCodec }: Pick<PipelineContext, 'lungs' | 'classifier' | 'loadCodec'>,
): Promise<Explanation> {
  const { image } = await decodeImage(bytes, loadCodec);
  const segmentation = await segmentLungs(image, lungModel);
  if ('refused' in segmentation) {
    throw new AppError('request.invalid', `there is no result to explain: ${segmentation.refused.message}`);
  }
  const { lungs } = segmentation;
  if (of === 'lungs') {
    const whole = { x0: 0, y0: 0, x1: image.width, y1: image.height };
    const asked = await lungsQuestion(lungModel, wholePicture(image, lungModel.manifest), whole);
    return judgedExplanation(asked, method, lungModel.manifest, lungs, image);
  }
  const { manifest, session } = classifier;
  const index = manifest.findings.findIndex(({ code }) => code === of);
  if (index < 0) throw new AppError('request.invalid', `there is no finding ${of}`);
  const { picture, box } = prepareLungs(image, lungs.box, manifest);
  const outputs = await session.run(tensorOf(picture));
  const logits = finiteOutput(outputs, manifest.outputs.logits, [1, manifest.findings.length]);
  const asked = findingQuestion(classifier, picture, box, index, logits[index]!);
  return judgedExplanation(asked, method, manifest, lungs, image);
}
