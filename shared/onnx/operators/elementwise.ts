import { broadcastDims, foldElementwise } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { ElementType, TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operator } from '../operator.ts';

/** What operators that work on each element by itself have in common. */

export const sameAsInput = (node: NodeScope): TensorType => node.tensor(0);

export function broadcastInfer(type?: ElementType): (node: NodeScope) => TensorType {
  return (node) => {
    const shapes = node.node.inputs.map((_, index) => node.dims(index));
    return { type: type ?? node.type(0), dims: broadcastDims(shapes, node) };
  };
}

/** y = f(x), dx = f′ · dy. */
export function unary(
  derivative: (scope: GradientScope) => string,
  compute?: (x: number) => number,
): Operator {
  return {
    infer: sameAsInput,
    gradient: (scope) => scope.give(0, () => derivative(scope)),
    ...(compute !== undefined && { fold: (node) => node.values(0).map(compute) }),
  };
}

/** Elementwise with broadcasting, for shape arithmetic. */
export function folding(
  compute: (...values: number[]) => number,
  infer: (node: NodeScope) => TensorType = broadcastInfer(),
): NonNullable<Operator['fold']> {
  return (node) => foldElementwise(node, infer(node).dims, compute);
}
