import type { ClassificationManifest } from '../model/manifest.ts';
import type { Tensor } from '../model/session.ts';

/** How strongly each cell of a grid over the classifier's input spoke for one finding. */
export interface ExplanationGrid {
  readonly method: 'class-activation-map';
  readonly rows: number;
  readonly columns: number;
  /** Row-major, ≥ 0, in units of the finding's logit. */
  readonly contributions: Float32Array;
}

/**
 * Explains one finding of one forward run.
 * `input` is what the classifier saw, `outputs` what it answered; neither may be changed.
 * @throws AppError `model.bad-output`
 */
export type Explainer = (request: {
  readonly manifest: ClassificationManifest;
  readonly findingIndex: number;
  readonly input: Tensor;
  readonly outputs: ReadonlyMap<string, Tensor>;
}) => Promise<ExplanationGrid>;
