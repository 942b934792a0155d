import { AppError } from '../kernel/errors.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { picturesIn } from './spatial-axes.ts';

/**
 * The activation that Grad-CAM looks at when none is named: the last picture of more than one cell on the way to the output,
 * which holds the most meaning and still knows where (Selvaraju 2017, §3). Where the output is a picture itself, as in
 * segmentation, the last one of the coarsest: beyond it the network only refines.
 * @throws AppError `onnx.bad-request` when there is none
 */
export function targetLayer(
  builder: GraphBuilder,
  output: string,
  dependsOnInput: ReadonlySet<string>,
): string {
  const pictures = picturesIn(builder);
  const cells = (name: string): number => builder.dims(name)[2]! * builder.dims(name)[3]!;
  const candidates = builder.nodes
    .map((node) => node.outputs[0]!)
    .filter((name) => name !== output && pictures.has(name) && dependsOnInput.has(name) && cells(name) > 1);
  const isPicture = pictures.has(output) && cells(output) > 1;
  const coarsest = Math.min(...candidates.map(cells));
  const found = isPicture ? candidates.findLast((name) => cells(name) === coarsest) : candidates.at(-1);
  if (found === undefined) {
    throw new AppError(
      'onnx.bad-request',
      'no activation of this network is a picture, so there is no Grad-CAM',
    );
  }
  return found;
}
