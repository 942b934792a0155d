import { broadcastDims, broadcastIndex, unbroadcast } from '../broadcast.ts';
import { sizeOf } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/** Expand and Tile repeat their input: its cotangent is the sum over the copies. */

const expandDims = (node: NodeScope): number[] => broadcastDims([node.dims(0), node.values(1)], node);

export const repetition: Operators = {
  Expand: {
    infer: (node) => ({ type: node.type(0), dims: expandDims(node) }),
    fold(node) {
      const [from, to, values] = [node.dims(0), expandDims(node), node.values(0)];
      return Array.from({ length: sizeOf(to) }, (_, index) => values[broadcastIndex(index, to, from)]!);
    },
    gradient: (scope) => scope.give(0, () => unbroadcast(scope.builder, scope.cotangent, scope.dims(0))),
  },
  Tile: {
    infer(node) {
      const repeats = node.values(1);
      if (repeats.length !== node.rank(0)) throw node.damaged('it does not say how often for each axis');
      return { type: node.type(0), dims: node.dims(0).map((dim, axis) => dim * repeats[axis]!) };
    },
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const repeats = scope.values(1);
        const apart = scope.dims(0).flatMap((dim, axis) => [repeats[axis]!, dim]);
        const copies = repeats.map((_, axis) => axis * 2);
        const sum = builder.reduceSum(builder.reshape(scope.cotangent, apart), copies);
        return builder.reshape(sum, scope.dims(0));
      });
    },
  },
};
