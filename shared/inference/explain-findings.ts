import type { AnalysisFinding } from '../api/analysis.ts';
import type { ExplainMethod, Explanation } from '../api/explanation.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest } from '../model/manifest.ts';
import type { Classified } from './classify.ts';
import { judgedExplanation } from './judged-explanation.ts';
import type { LungMask } from './segment-lungs.ts';
import { findingQuestion } from './subjects.ts';

/**
 * The findings with the explanations that were asked for.
 * @throws AppError `model.*`, `onnx.*`: who asks for a map gets it or hears why not
 */
export async function withExplanations(
  { findings, picture, box }: Classified,
  methods: readonly ExplainMethod[],
  classifier: LoadedModel<ClassificationManifest>,
  lungs: LungMask,
  image: GrayImage,
): Promise<AnalysisFinding[]> {
  if (methods.length === 0) return findings;
  const explained: AnalysisFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    const question = findingQuestion(classifier, picture, box, index, finding.logit);
    const explanations: Explanation[] = [];
    for (const method of methods) {
      explanations.push(await judgedExplanation(question, method, classifier.manifest, lungs, image));
    }
    explained.push({ ...finding, explanations });
  }
  return explained;
}
