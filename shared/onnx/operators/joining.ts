import { attributes, int } from '../attributes.ts';
import { sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/** Concat and Split are each other's gradients. */

function concatInfer(node: NodeScope): TensorType {
  const axis = node.axis(node.int('axis', 0));
  const shapes = node.node.inputs.map((_, index) => node.dims(index));
  const [first] = shapes as [readonly number[]];
  const fit = shapes.every(
    (dims) => dims.length === first.length && dims.every((dim, each) => each === axis || dim === first[each]),
  );
  if (!fit) throw node.damaged(`${shapes.map((dims) => dims.join('×')).join(', ')} cannot be joined`);
  const total = shapes.reduce((sum, dims) => sum + dims[axis]!, 0);
  return { type: node.type(0), dims: first.map((dim, each) => (each === axis ? total : dim)) };
}

function foldConcat(node: NodeScope): number[] {
  const axis = node.axis(node.int('axis', 0));
  const parts = node.node.inputs.map((_, index) => ({
    values: node.values(index),
    run: sizeOf(node.dims(index).slice(axis)),
  }));
  const rows = sizeOf(node.dims(0).slice(0, axis));
  return Array.from({ length: rows }, (_, row) =>
    parts.flatMap(({ values, run }) => values.slice(row * run, (row + 1) * run)),
  ).flat();
}

function splitSizes(node: NodeScope): number[] {
  const total = node.dims(0)[node.axis(node.int('axis', 0))]!;
  const count = node.node.outputs.length;
  if (node.has(1)) return node.values(1);
  const each = Math.ceil(total / count);
  return Array.from({ length: count }, (_, index) => Math.min(each, total - index * each));
}

function splitInfer(node: NodeScope): TensorType[] {
  const axis = node.axis(node.int('axis', 0));
  const dims = node.dims(0);
  const sizes = splitSizes(node);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== dims[axis] || sizes.length !== node.node.outputs.length) {
    throw node.damaged(`${dims[axis]} cannot be split into ${sizes.join(' + ')}`);
  }
  return sizes.map((size) => ({
    type: node.type(0),
    dims: dims.map((dim, each) => (each === axis ? size : dim)),
  }));
}

export const joining: Operators = {
  Concat: {
    infer: concatInfer,
    fold: foldConcat,
    gradient(scope) {
      const { builder } = scope;
      const axis = scope.axis(scope.int('axis', 0));
      let start = 0;
      for (const index of scope.node.inputs.keys()) {
        const from = start;
        start += scope.dims(index)[axis]!;
        const end = start;
        scope.give(index, () => builder.slice(scope.cotangent, [from], [end], [axis]));
      }
    },
  },
  Split: {
    infer: splitInfer,
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const axis = scope.axis(scope.int('axis', 0));
        const parts = scope.node.outputs.map((output, index) => {
          const zeros = (): string =>
            builder.op('Expand', [builder.scalar(0), builder.ints(builder.dims(output))]);
          return scope.cotangentOf(index) ?? zeros();
        });
        return builder.op('Concat', parts, attributes({ axis: int(axis) }));
      });
    },
  },
};
