import type { AnalysisFinding } from '../api/analysis.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import type { Box } from '../imaging/resample.ts';
import { AppError, type ErrorCode } from '../kernel/errors.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest } from '../model/manifest.ts';
import { calibrate, operatingPointFor } from './calibrate.ts';
import type { StandardisedPicture } from './baseline.ts';
import { explain, heatmapOf, type Subject } from './explain.ts';
import { whyNoMap } from './explanation-words.ts';
import { findingQuestion } from './subjects.ts';
import { finiteOutput } from './finite-output.ts';
import { prepareLungs, tensorOf } from './prepare.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The model's own advice speaks of patients it was made for. */
const outsideAdvice =
  'Do not act on this score: the model was not made for this patient, or it is not known whether it was. Have a doctor look at the picture.';

/** A part of the image in front of the classifier, with what it answered. */
export interface Classified {
  readonly findings: AnalysisFinding[];
  readonly picture: StandardisedPicture;
  readonly box: Box;
}

/**
 * Every finding of the classifier on the lungs in `lungBox` (image pixels), each with its Grad-CAM.
 * @param insidePopulation whether the calibration holds for this patient; if not, the result is marked as a score
 * @throws AppError `model.*`
 */
export async function classify(
  image: GrayImage,
  lungBox: Box,
  classifier: LoadedModel<ClassificationManifest>,
  insidePopulation: boolean,
  watch: Stopwatch,
): Promise<Classified> {
  const { manifest, session } = classifier;
  const { picture, box } = prepareLungs(image, lungBox, manifest);
  watch.lap('prepare');
  const outputs = await session.run(tensorOf(picture));
  const logits = finiteOutput(outputs, manifest.outputs.logits, [1, manifest.findings.length]);
  watch.lap('classify');

  const findings: AnalysisFinding[] = [];
  for (const [findingIndex, finding] of manifest.findings.entries()) {
    const logit = logits[findingIndex]!;
    const probability = calibrate(logit, finding.calibration);
    const { advice } = finding;
    const { name, threshold, dataset, sensitivity, specificity } = operatingPointFor(
      finding,
      manifest.sha256,
    );
    const positive = probability >= threshold;
    findings.push({
      code: finding.code,
      name: finding.name,
      plain: finding.plain,
      model: manifest.name,
      modelSha256: manifest.sha256,
      logit,
      probability,
      shownAs: insidePopulation ? 'probability' : 'score',
      operatingPoint: { name, threshold, dataset, sensitivity, specificity },
      positive,
      advice: insidePopulation ? advice[positive ? 'positive' : 'negative'] : outsideAdvice,
      icd10: finding.icd10,
      snomedCt: finding.snomedCt,
      ...(await gradCam(findingQuestion(classifier, picture, box, findingIndex, logit).subject)),
    });
  }
  watch.lap('explain');
  return { findings, picture, box };
}

/**
 * A finding stands without its map where a device cannot compute the gradient; but an answer that cannot be right
 * condemns the runtime, and with it the finding.
 */
async function gradCam(subject: Subject): Promise<Pick<AnalysisFinding, 'heatmap' | 'noHeatmap'>> {
  try {
    const { grid } = await explain(subject, 'gradcam');
    return { heatmap: heatmapOf('gradcam', grid, subject.box) };
  } catch (cause) {
    if (!(cause instanceof AppError) || !isOfGradientOnly(cause.code)) throw cause;
    return { noHeatmap: whyNoMap(cause) };
  }
}

const isOfGradientOnly = (code: ErrorCode): boolean =>
  code.startsWith('onnx.') || code === 'model.load-failed' || code === 'model.check-failed';
