import { AppError } from '../kernel/errors.ts';
import { dependents } from './reverse-pass.ts';
import { picturesIn } from './spatial-axes.ts';
import type { StaticGraph } from './static-graph.ts';

/**
 * The activation that Grad-CAM looks at when none is named: the last picture of more than one cell through which all that the
 * output knows has gone, which holds the most meaning and still knows where (Selvaraju 2017, §3); where every picture can be
 * passed by, the last one. Where the output is a picture itself, as in segmentation, the last one of the coarsest: beyond
 * it the network only refines.
 * @throws AppError `onnx.bad-request` when there is none
 */
export function targetLayer({ builder, input, fileNodes }: StaticGraph, output: string): string {
  const pictures = picturesIn(fileNodes, builder);
  const dependsOnInput = dependents(builder, [input]);
  const batch = builder.dims(input)[0];
  const cells = (name: string): number => builder.dims(name)[2]! * builder.dims(name)[3]!;
  const candidates = fileNodes
    .flatMap((node) => node.outputs)
    .filter(
      (name) =>
        name !== output &&
        pictures.has(name) &&
        dependsOnInput.has(name) &&
        builder.dims(name)[0] === batch &&
        cells(name) > 1,
    );
  const carriesAll = (name: string): boolean => !dependents(builder, [input], name).has(output);
  const isPicture = pictures.has(output) && cells(output) > 1;
  const coarsest = Math.min(...candidates.map(cells));
  const found = isPicture
    ? candidates.findLast((name) => cells(name) === coarsest)
    : (candidates.findLast(carriesAll) ?? candidates.at(-1));
  if (found === undefined) {
    throw new AppError(
      'onnx.bad-request',
      'no activation of this network is a picture, so there is no Grad-CAM',
    );
  }
  return found;
}
