import { AppError } from '../kernel/errors.ts';
import type { Tensor } from '../model/session.ts';
import type { Explainer } from './explain.ts';
import { finiteOutput } from './finite-output.ts';

/**
 * Class activation map (Zhou 2016). The network ends in global average pooling and one linear layer, so
 * logit = Σ_cells Σ_k w_k A_k(cell) / cells + bias, and each cell's share of the logit is exact. Grad-CAM (Selvaraju 2017,
 * eq. 1–2) gives the same map up to a constant, since there ∂logit/∂A_k = w_k / cells everywhere.
 */
export const classActivationMap: Explainer = async ({ manifest, findingIndex, outputs }) => {
  const [, channels, rows, columns] = shapeOf(outputs, manifest.outputs.activation);
  const activation = finiteOutput(outputs, manifest.outputs.activation, [1, channels, rows, columns]);
  const weights = finiteOutput(outputs, manifest.outputs.weights, [manifest.findings.length, channels]);
  const cells = rows * columns;
  const contributions = new Float32Array(cells);
  for (let channel = 0; channel < channels; channel += 1) {
    const weight = weights[findingIndex * channels + channel]! / cells;
    const plane = channel * cells;
    for (let cell = 0; cell < cells; cell += 1) contributions[cell]! += weight * activation[plane + cell]!;
  }
  for (let cell = 0; cell < cells; cell += 1) contributions[cell] = Math.max(0, contributions[cell]!);
  return { method: 'class-activation-map', rows, columns, contributions };
};

function shapeOf(outputs: ReadonlyMap<string, Tensor>, name: string): [number, number, number, number] {
  const [batch, channels, rows, columns, ...rest] = outputs.get(name)?.dims ?? [];
  if (
    batch !== 1 ||
    channels === undefined ||
    rows === undefined ||
    columns === undefined ||
    rest.length > 0
  ) {
    throw new AppError(
      'model.bad-output',
      `${name} is not an activation of the form 1×channels×rows×columns`,
    );
  }
  return [batch, channels, rows, columns];
}
