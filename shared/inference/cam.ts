import { AppError } from '../kernel/errors.ts';
import type { Tensor } from '../model/session.ts';

/** Maps of how strongly each cell of an activation spoke for a score; rows × columns, row-major, in units of the score. */

export type CamMethod = 'gradcam' | 'hirescam' | 'layercam';

export interface CamGrid {
  readonly rows: number;
  readonly columns: number;
  /** ≥ 0 */
  readonly values: Float32Array;
}

/**
 * Grad-CAM (Selvaraju 2017, eq. 1–2): ReLU of the channels, each weighed by the mean of its gradient.
 * HiResCAM (Draelos 2020): ReLU of Σ gradient · activation, cell by cell, which is faithful where Grad-CAM averages.
 * LayerCAM (Jiang 2021): the same with the positive gradients only.
 * @param activation and `gradient` N×C×rows×columns
 * @param item of the batch
 * @throws AppError `onnx.bad-request` when the activation is no picture
 */
export function camOf(method: CamMethod, activation: Tensor, gradient: Tensor, item = 0): CamGrid {
  if (activation.dims.length !== 4) {
    throw new AppError('onnx.bad-request', `an activation of ${activation.dims.join('×')} is no picture`);
  }
  const [, channels, rows, columns] = activation.dims as [number, number, number, number];
  const cells = rows * columns;
  const sums = new Float64Array(cells);
  for (let channel = 0; channel < channels; channel += 1) {
    const start = (item * channels + channel) * cells;
    const slopes = gradient.data.subarray(start, start + cells);
    const mean = slopes.reduce((sum, slope) => sum + slope, 0) / cells;
    for (let cell = 0; cell < cells; cell += 1) {
      sums[cell]! += slopeFor(method, mean, slopes[cell]!) * activation.data[start + cell]!;
    }
  }
  return { rows, columns, values: Float32Array.from(sums, (value) => Math.max(0, value)) };
}

function slopeFor(method: CamMethod, mean: number, slope: number): number {
  switch (method) {
    case 'gradcam':
      return mean;
    case 'hirescam':
      return slope;
    case 'layercam':
      return Math.max(0, slope);
  }
}
