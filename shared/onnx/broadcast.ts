import type { GraphBuilder } from './graph-builder.ts';
import { sizeOf } from './graph.ts';
import type { NodeScope } from './node-scope.ts';

/** Broadcasting as the standard has it: shapes are aligned at their last axis, and an axis of 1 fits every size. */

export function broadcastDims(shapes: readonly (readonly number[])[], node: NodeScope): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const dims of shapes) {
      const dim = dims[axis - rank + dims.length] ?? 1;
      if (dim !== 1 && size !== 1 && dim !== size) {
        throw node.damaged(
          `shapes ${shapes.map((each) => each.join('×')).join(' and ')} do not fit together`,
        );
      }
      if (dim !== 1) size = dim;
    }
    return size;
  });
}

/** The adjoint of broadcasting: sums over the axes along which a tensor of shape `dims` was repeated. */
export function unbroadcast(builder: GraphBuilder, cotangent: string, dims: readonly number[]): string {
  const from = builder.dims(cotangent);
  const offset = from.length - dims.length;
  const axes = from.flatMap((size, axis) => (size !== 1 && (dims[axis - offset] ?? 1) === 1 ? [axis] : []));
  return builder.reshape(builder.reduceSum(cotangent, axes), dims);
}

/** For folding: where element `index` of a result of shape `to` lies in a tensor of shape `from`. */
export function broadcastIndex(index: number, to: readonly number[], from: readonly number[]): number {
  let rest = index;
  let position = 0;
  let stride = 1;
  for (let axis = to.length - 1; axis >= 0; axis -= 1) {
    const coordinate = rest % to[axis]!;
    rest = Math.floor(rest / to[axis]!);
    const dim = from[axis - to.length + from.length] ?? 1;
    if (dim !== 1) position += coordinate * stride;
    stride *= dim;
  }
  return position;
}

/** For folding: `compute` on the elements of all inputs, broadcast to `dims`. */
export function foldElementwise(
  node: NodeScope,
  dims: readonly number[],
  compute: (...values: number[]) => number,
): number[] {
  const inputs = node.node.inputs.map((_, index) => ({ values: node.values(index), dims: node.dims(index) }));
  return Array.from({ length: sizeOf(dims) }, (_, index) =>
    compute(...inputs.map((input) => input.values[broadcastIndex(index, dims, input.dims)]!)),
  );
}
