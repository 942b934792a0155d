import type { Explanation, ExplainMethod, Shortcoming } from '../api/explanation.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { type Box, resample } from '../imaging/resample.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { explain, heatmapOf } from './explain.ts';
import { faithfulness, type MapGrid } from './faithfulness.ts';
import type { LungMask } from './segment-lungs.ts';
import type { Question } from './subjects.ts';

/** More than this of the difference that integrated gradients explain must not be missing. */
const largestGap = 0.05;
/** A kind of map that beats random ones on fewer pictures may have done so on this one by luck. */
const leastOften = 0.5;

/**
 * A map with everything that is known of its worth: whether it beats a random one, where it lies, whether it adds up, and how
 * its kind did in the model's sanity check.
 * @param image its size, for the place of the lungs
 * @throws AppError `model.*`, `onnx.*`
 */
export async function judgedExplanation(
  { subject, scoreOf }: Question,
  method: ExplainMethod,
  { explanationChecks, sha256 }: ModelManifest,
  lungs: LungMask,
  image: Pick<GrayImage, 'width' | 'height'>,
): Promise<Explanation> {
  const { picture, box } = subject;
  const { grid, completeness } = await explain(subject, method);
  const { deletion, insertion, betterThanRandom } = await faithfulness(picture, grid, scoreOf);
  const where = shareInLungs(grid, lungs, box, image);
  const sanityCheck = explanationChecks?.find(
    (check) => check.method === method && check.modelSha256 === sha256,
  );
  const heatmap = heatmapOf(method, grid, box);
  const shortcomings: [Shortcoming, boolean][] = [
    ['empty', heatmap.peak === 0],
    ['no-better-than-random', heatmap.peak > 0 && !betterThanRandom],
    ['seldom-better-than-random', (sanityCheck?.betterThanRandom ?? 1) < leastOften],
    ['outside-lungs', heatmap.peak > 0 && where.insideLungs < where.lungsInBox],
    ['incomplete', completeness !== undefined && !(completeness.gap <= largestGap)],
    ['sanity-check', sanityCheck?.passed === false],
  ];
  return {
    ...heatmap,
    ...where,
    deletion,
    insertion,
    ...(completeness !== undefined && { completeness }),
    ...(sanityCheck !== undefined && {
      sanityCheck: {
        similarity: sanityCheck.similarity,
        images: sanityCheck.images,
        passed: sanityCheck.passed,
        betterThanRandom: sanityCheck.betterThanRandom,
      },
    }),
    shortcomings: shortcomings.flatMap(([name, isShort]) => (isShort ? [name] : [])),
  };
}

/** Cells along the box on which map and lungs are laid over each other. */
const side = 160;

function shareInLungs(map: MapGrid, lungs: LungMask, box: Box, image: Pick<GrayImage, 'width' | 'height'>) {
  const [scaleX, scaleY] = [lungs.columns / image.width, lungs.rows / image.height];
  const boxOnMask: Box = {
    x0: Math.max(0, box.x0 * scaleX),
    y0: Math.max(0, box.y0 * scaleY),
    x1: Math.min(lungs.columns, box.x1 * scaleX),
    y1: Math.min(lungs.rows, box.y1 * scaleY),
  };
  const mask = { width: lungs.columns, height: lungs.rows, pixels: lungs.logits };
  const inside = resample(mask, side, side, boxOnMask).pixels;
  const grid = { width: map.columns, height: map.rows, pixels: map.values };
  const weights = resample(grid, side, side).pixels;
  let [weightInside, weight, cellsInside] = [0, 0, 0];
  for (let cell = 0; cell < side * side; cell += 1) {
    weight += weights[cell]!;
    if (inside[cell]! <= 0) continue;
    weightInside += weights[cell]!;
    cellsInside += 1;
  }
  return {
    insideLungs: weight > 0 ? Math.min(1, weightInside / weight) : 0,
    lungsInBox: cellsInside / (side * side),
  };
}
