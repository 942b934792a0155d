import type { GradientSession } from '../model/gradient-session.ts';
import { meanGradient } from './path-gradients.ts';

export interface IntegratedGradients {
  /** What each value of the picture added to the score; C × rows × columns. */
  readonly attributions: Float64Array;
  /** Of the picture. */
  readonly score: number;
  /** score(picture) − score(baseline), to which the attributions should add up. */
  readonly difference: number;
  /** |Σ attributions − difference| / |difference|: what the finite number of steps left out. */
  readonly completenessGap: number;
}

/**
 * Integrated gradients (Sundararajan 2017): (x − x₀) · the mean gradient along the straight way from the baseline x₀ to x, by
 * the midpoint rule: gradients at x₀ + (k + ½)/steps · (x − x₀).
 * @param picture and `baseline` C × rows × columns
 * @throws AppError `model.*`
 */
export async function integratedGradients(
  session: GradientSession,
  picture: Float32Array,
  baseline: Float32Array,
  cotangent: Float32Array,
  steps: number,
): Promise<IntegratedGradients> {
  const way = picture.map((value, index) => value - baseline[index]!);
  const at = (share: number): Float32Array => baseline.map((value, index) => value + share * way[index]!);
  function* midpoints(): Generator<Float32Array> {
    for (let step = 0; step < steps; step += 1) yield at((step + 0.5) / steps);
  }
  const mean = await meanGradient({ session, picture, cotangent, points: midpoints() });
  const ends = await meanGradient({ session, picture, cotangent, points: [baseline, picture] });
  const attributions = mean.gradient.map((slope, index) => slope * way[index]!);
  const difference = ends.scores[1]! - ends.scores[0]!;
  const sum = attributions.reduce((total, value) => total + value, 0);
  const gap = Math.abs(sum - difference);
  // Nothing to explain and something explained: all of it is wrong.
  const completenessGap = gap === 0 ? 0 : difference === 0 ? 1 : gap / Math.abs(difference);
  return { attributions, score: ends.scores[1]!, difference, completenessGap };
}
