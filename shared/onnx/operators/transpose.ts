import { attributes, ints } from '../attributes.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { sizeOf } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/** Axes in another order: the cotangent goes back by the inverse order. DepthToSpace and SpaceToDepth are made of the same. */

function orderOf(node: NodeScope): number[] {
  const rank = node.rank(0);
  const order = node.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (order.length !== rank || new Set(order).size !== rank) throw node.damaged('its order of axes is none');
  return order.map((axis) => node.axis(axis));
}

export const inverseOrder = (order: readonly number[]): number[] =>
  order.map((_, axis) => order.indexOf(axis));

export function transpose(builder: GraphBuilder, name: string, order: readonly number[]): string {
  if (order.every((from, axis) => from === axis)) return name;
  return builder.op('Transpose', [name], attributes({ perm: ints(order) }));
}

function foldTranspose(node: NodeScope): number[] {
  const [order, dims, values] = [orderOf(node), node.dims(0), node.values(0)];
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const to = order.map((axis) => dims[axis]!);
  return values.map((_, index) => {
    let [rest, from] = [index, 0];
    for (let axis = to.length - 1; axis >= 0; axis -= 1) {
      from += (rest % to[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / to[axis]!);
    }
    return values[from]!;
  });
}

function depthDims(node: NodeScope, sign: 1 | -1): number[] {
  const [batch, channels, rows, columns] = node.dims(0) as [number, number, number, number];
  const block = node.int('blocksize', 1);
  return sign === 1
    ? [batch, channels / (block * block), rows * block, columns * block]
    : [batch, channels * block * block, rows / block, columns / block];
}

export const transposition: Operators = {
  Transpose: {
    infer: (node) => ({ type: node.type(0), dims: orderOf(node).map((axis) => node.dims(0)[axis]!) }),
    fold: foldTranspose,
    gradient: (scope) =>
      scope.give(0, () => transpose(scope.builder, scope.cotangent, inverseOrder(orderOf(scope)))),
  },
  DepthToSpace: {
    infer: (node) => ({ type: node.type(0), dims: depthDims(node, 1) }),
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const [batch, channels, rows, columns] = scope.dims(0) as [number, number, number, number];
        const block = scope.int('blocksize', 1);
        const depth = channels / (block * block);
        const split = builder.reshape(scope.cotangent, [batch, depth, rows, block, columns, block]);
        const order = scope.string('mode', 'DCR') === 'DCR' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
        return builder.reshape(transpose(builder, split, order), scope.dims(0));
      });
    },
  },
  SpaceToDepth: {
    infer: (node) => ({ type: node.type(0), dims: depthDims(node, -1) }),
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const [batch, channels, rows, columns] = scope.dims(0) as [number, number, number, number];
        const block = scope.int('blocksize', 1);
        const split = builder.reshape(scope.cotangent, [
          batch,
          block,
          block,
          channels,
          rows / block,
          columns / block,
        ]);
        return builder.reshape(transpose(builder, split, [0, 3, 4, 1, 5, 2]), scope.dims(0));
      });
    },
  },
};
