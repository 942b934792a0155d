import type { ExplainMethod, Heatmap } from '../api/explanation.ts';
import type { Box } from '../imaging/resample.ts';
import { AppError } from '../kernel/errors.ts';
import type { ModelGradients } from '../model/model-gradients.ts';
import { type Baseline, baselineOf, type StandardisedPicture } from './baseline.ts';
import { type CamMethod, camOf } from './cam.ts';
import type { MapGrid } from './faithfulness.ts';
import { heatNote } from './explanation-words.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { weighed } from './path-gradients.ts';
import { smoothGrad } from './smooth-grad.ts';

/** One score of one model on one picture: what there is to explain. */
export interface Subject {
  readonly gradients: ModelGradients;
  readonly picture: StandardisedPicture;
  /** The score is Σ cotangent · logits: one-hot for a finding, a mask for a region. */
  readonly cotangent: Float32Array;
  /** What the model answered in its ordinary, checked run. */
  readonly score: number;
  /** The part of the image that the picture shows. */
  readonly box: Box;
}

export interface ExplainedMap {
  readonly grid: MapGrid;
  readonly completeness?: { readonly steps: number; readonly difference: number; readonly gap: number };
}

/** The completeness gap of the bundled model is far below 1 % there (`npm run bench:explain`). */
export const integrationSteps = 32;
const smoothSamples = 16;
/** Cells along a map that has a value for each pixel: single pixels are noise to the eye. */
const cellsOfPixelMap = 40;
/** Between the ordinary run and the one with gradients, which is another graph of the same weights. */
const scoreTolerance = 1e-2;

/** @throws AppError `model.*`, `onnx.*` */
export async function explain(subject: Subject, method: ExplainMethod): Promise<ExplainedMap> {
  switch (method) {
    case 'gradcam':
    case 'hirescam':
    case 'layercam':
      return explainByLayer(subject, method);
    case 'ig':
      return explainByPath(subject, 'mean');
    case 'ig-black':
      return explainByPath(subject, 'black');
    case 'ig-blurred':
      return explainByPath(subject, 'blurred');
    case 'smoothgrad': {
      const { picture, cotangent } = subject;
      const session = await subject.gradients.input();
      const slopes = await smoothGrad(session, picture.values, cotangent, smoothSamples);
      return { grid: cellsOf(picture, slopes.map(Math.abs)) };
    }
  }
}

async function explainByLayer({ gradients, picture, cotangent, score }: Subject, method: CamMethod) {
  const session = await gradients.layer();
  const { logits, activation, activationGradient } = await session.run(picture.values, cotangent);
  assertSameScore(weighed(logits.data, cotangent, 0), score);
  if (activation === undefined || activationGradient === undefined) {
    throw new AppError('model.bad-output', 'the gradient of the activation is missing');
  }
  const grid = camOf(method, activation, activationGradient);
  if (!grid.values.every(Number.isFinite)) throw new AppError('model.bad-output', 'the map is not finite');
  return { grid };
}

async function explainByPath({ gradients, picture, cotangent, score }: Subject, baseline: Baseline) {
  const session = await gradients.input();
  const found = await integratedGradients(
    session,
    picture.values,
    baselineOf(picture, baseline),
    cotangent,
    integrationSteps,
  );
  assertSameScore(found.score, score);
  return {
    grid: cellsOf(picture, found.attributions),
    completeness: {
      steps: integrationSteps,
      difference: found.difference,
      gap: found.completenessGap,
    },
  };
}

/** A map of another answer than the one that is shown explains nothing. @throws AppError `model.bad-output` */
function assertSameScore(found: number, shown: number): void {
  // Written so that NaN fails.
  if (!(Math.abs(found - shown) <= scoreTolerance * (1 + Math.abs(shown)))) {
    throw new AppError('model.bad-output', `the run with gradients gave ${found}, the ordinary one ${shown}`);
  }
}

/**
 * What spoke for the score in each cell of a grid. Cells may differ by a pixel in size, so each has the mean of its pixels times
 * the size of a cell: for equal cells, the sum.
 * @param values of the picture's size
 */
function cellsOf({ rows, columns }: StandardisedPicture, values: Float64Array): MapGrid {
  const longer = Math.max(rows, columns);
  const cellsAlong = (size: number): number =>
    Math.max(1, Math.round((Math.min(cellsOfPixelMap, longer) * size) / longer));
  const grid = { rows: cellsAlong(rows), columns: cellsAlong(columns) };
  const sums = new Float64Array(grid.rows * grid.columns);
  const pixels = new Float64Array(sums.length);
  for (let y = 0; y < rows; y += 1) {
    const row = Math.floor((y * grid.rows) / rows);
    for (let x = 0; x < columns; x += 1) {
      const cell = row * grid.columns + Math.floor((x * grid.columns) / columns);
      sums[cell]! += values[y * columns + x]!;
      pixels[cell]! += 1;
    }
  }
  if (!sums.every(Number.isFinite)) throw new AppError('model.bad-output', 'the map is not finite');
  const cellSize = values.length / sums.length;
  return {
    ...grid,
    values: Float32Array.from(sums, (sum, cell) => Math.max(0, (sum / pixels[cell]!) * cellSize)),
  };
}

export function heatmapOf(method: ExplainMethod, { rows, columns, values }: MapGrid, box: Box): Heatmap {
  const peak = values.reduce((highest, value) => Math.max(highest, value), 0);
  const shares = Array.from(values, (value) => (peak > 0 ? Math.round((value / peak) * 1e4) / 1e4 : 0));
  return { method, note: heatNote, box, rows, columns, values: shares, peak };
}
