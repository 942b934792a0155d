import { attributes, int, string } from '../attributes.ts';
import type { GradientScope } from '../gradient-scope.ts';
import { sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/**
 * GatherND takes parts by lists of coordinates, ScatterND overwrites them or adds to them, and each is the other's gradient.
 * PyTorch writes `x[:, 2:4] = y` in this way.
 */

function gatherInfer(node: NodeScope): TensorType {
  const [dims, places] = [node.dims(0), node.dims(1)];
  const batch = node.int('batch_dims', 0);
  const depth = places.at(-1) ?? 0;
  if (places.length === 0 || batch + depth > dims.length) {
    throw node.damaged(`coordinates of ${places.join('×')} do not fit ${dims.join('×')}`);
  }
  return { type: node.type(0), dims: [...places.slice(0, -1), ...dims.slice(batch + depth)] };
}

/** For each list of coordinates the place where its part begins, and how long the parts are. */
function partsOf(node: NodeScope): { starts: number[]; run: number } {
  const [dims, places, values] = [node.dims(0), node.dims(1), node.values(1)];
  const depth = places.at(-1)!;
  const run = sizeOf(dims.slice(depth));
  const starts = Array.from({ length: values.length / depth }, (_, row) => {
    let start = 0;
    for (let axis = 0; axis < depth; axis += 1) {
      start = start * dims[axis]! + node.axis(values[row * depth + axis]!, dims[axis]);
    }
    return start * run;
  });
  return { starts, run };
}

function foldGather(node: NodeScope): number[] {
  if (node.int('batch_dims', 0) !== 0) throw node.unsupported('batches of shape arithmetic');
  const [values, { starts, run }] = [node.values(0), partsOf(node)];
  return starts.flatMap((start) => values.slice(start, start + run));
}

function foldScatter(node: NodeScope): number[] {
  const reduction = node.string('reduction', 'none');
  if (reduction !== 'none') throw node.unsupported(`shape arithmetic with reduction "${reduction}"`);
  const [values, updates, { starts, run }] = [node.values(0), node.values(2), partsOf(node)];
  for (const [row, start] of starts.entries()) {
    for (let each = 0; each < run; each += 1) values[start + each] = updates[row * run + each]!;
  }
  return values;
}

function zeros(scope: GradientScope, dims: readonly number[]): string {
  return scope.builder.op('Expand', [scope.builder.scalar(0), scope.builder.ints(dims)]);
}

/** With `batch_dims` the leading axes are coordinates, too; they are written out for ScatterND, which has no such thing. */
function wholeCoordinates(scope: GradientScope): string {
  const { builder } = scope;
  const batch = scope.int('batch_dims', 0);
  if (batch === 0) return scope.input(1);
  const places = scope.dims(1);
  const leading = places.slice(0, -1);
  const axes = Array.from({ length: batch }, (_, axis) => {
    const counted = builder.constant(
      'int64',
      [...leading.map((size, each) => (each === axis ? size : 1)), 1],
      Array.from({ length: leading[axis]! }, (__, place) => place),
    );
    return builder.op('Expand', [counted, builder.ints([...leading, 1])]);
  });
  return builder.op('Concat', [...axes, scope.input(1)], attributes({ axis: int(-1) }));
}

export const gatheringNd: Operators = {
  GatherND: {
    infer: gatherInfer,
    fold: foldGather,
    gradient(scope) {
      const adding = attributes({ reduction: string('add') });
      scope.give(0, () =>
        scope.builder.op(
          'ScatterND',
          [zeros(scope, scope.dims(0)), wholeCoordinates(scope), scope.cotangent],
          adding,
        ),
      );
    },
  },
  ScatterND: {
    infer: (node) => node.tensor(0),
    fold: foldScatter,
    gradient(scope) {
      const { builder } = scope;
      const reduction = scope.string('reduction', 'none');
      if (reduction !== 'none' && reduction !== 'add') throw scope.noRule(`reduction "${reduction}"`);
      // What was overwritten has no share in the result.
      scope.give(0, () =>
        reduction === 'add'
          ? scope.cotangent
          : builder.op('ScatterND', [scope.cotangent, scope.input(1), zeros(scope, scope.dims(2))]),
      );
      scope.give(2, () => builder.op('GatherND', [scope.cotangent, scope.input(1)]));
    },
  },
};
