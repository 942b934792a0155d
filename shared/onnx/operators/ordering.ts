import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { scatterAlong } from './gathering.ts';

/** TopK, which is also how sorting is written: the cotangents of the values that were taken go back to their places. */

function takenDims(node: NodeScope): number[] {
  const axis = node.axis(node.int('axis', -1));
  const [count] = node.values(1) as [number];
  return node.dims(0).map((dim, each) => (each === axis ? count : dim));
}

export const ordering: Operators = {
  TopK: {
    infer: (node) => [
      { type: node.type(0), dims: takenDims(node) },
      { type: 'int64', dims: takenDims(node) },
    ],
    gradient(scope) {
      const axis = scope.axis(scope.int('axis', -1));
      scope.give(0, () => scatterAlong(scope, scope.output(1), scope.cotangent, axis));
    },
  },
};
