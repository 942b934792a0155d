import type { AnalysisFinding, AnalysisHeatmap } from '../api/analysis.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import type { Box } from '../imaging/resample.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest } from '../model/manifest.ts';
import { calibrate, operatingPointFor } from './calibrate.ts';
import type { ExplanationGrid, Explainer } from './explain.ts';
import { finiteOutput } from './finite-output.ts';
import { prepareLungs } from './prepare.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The model's own advice speaks of patients it was made for. */
const outsideAdvice =
  'Do not act on this score: the model was not made for this patient, or it is not known whether it was. Have a doctor look at the picture.';
const heatmapNote = 'What the model used, not where the disease is.';

/**
 * Every finding of the classifier on the lungs in `lungBox` (image pixels).
 * @param insidePopulation whether the calibration holds for this patient; if not, the result is marked as a score
 * @throws AppError `model.*`
 */
export async function classify(
  image: GrayImage,
  lungBox: Box,
  {
    classifier,
    explain,
  }: { readonly classifier: LoadedModel<ClassificationManifest>; readonly explain: Explainer },
  insidePopulation: boolean,
  watch: Stopwatch,
): Promise<AnalysisFinding[]> {
  const { manifest, session } = classifier;
  const { tensor: input, box } = prepareLungs(image, lungBox, manifest);
  watch.lap('prepare');
  const outputs = await session.run(input);
  const logits = finiteOutput(outputs, manifest.outputs.logits, [1, manifest.findings.length]);
  watch.lap('classify');

  const results: AnalysisFinding[] = [];
  for (const [findingIndex, finding] of manifest.findings.entries()) {
    const logit = logits[findingIndex]!;
    const probability = calibrate(logit, finding.calibration);
    const { advice } = finding;
    const { name, threshold, dataset, sensitivity, specificity } = operatingPointFor(
      finding,
      manifest.sha256,
    );
    const positive = probability >= threshold;
    const grid = await explain({ manifest, findingIndex, input, outputs });
    results.push({
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
      heatmap: heatmapOf(grid, box),
    });
  }
  watch.lap('explain');
  return results;
}

function heatmapOf({ method, rows, columns, contributions }: ExplanationGrid, box: Box): AnalysisHeatmap {
  const peak = contributions.reduce((highest, value) => Math.max(highest, value), 0);
  const values = Array.from(contributions, (value) =>
    peak > 0 ? Math.round((value / peak) * 1e4) / 1e4 : 0,
  );
  return { method, note: heatmapNote, box, rows, columns, values, peak };
}
