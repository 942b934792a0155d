import { sizeOf } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { placeAlong } from '../place.ts';

/** Slice takes a part, and the cotangent goes back into its place among zeros. */

interface Cut {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** What is taken from each axis: starts and ends are clamped as in the standard. */
function cutsOf(node: NodeScope): Cut[] {
  const dims = node.dims(0);
  const [starts, ends] = [node.values(1), node.values(2)];
  const axes = node.has(3) ? node.values(3).map((axis) => node.axis(axis)) : [...starts.keys()];
  const steps = node.has(4) ? node.values(4) : starts.map(() => 1);
  const cuts = dims.map((count): Cut => ({ start: 0, step: 1, count }));
  for (const [index, axis] of axes.entries()) {
    const size = dims[axis]!;
    const step = steps[index]!;
    const clamp = (value: number, low: number, high: number): number => {
      const fromStart = value < 0 ? value + size : value;
      return Math.min(Math.max(fromStart, low), high);
    };
    const start = step > 0 ? clamp(starts[index]!, 0, size) : clamp(starts[index]!, 0, size - 1);
    const end = step > 0 ? clamp(ends[index]!, 0, size) : clamp(ends[index]!, -1, size - 1);
    cuts[axis] = { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  }
  return cuts;
}

function foldSlice(node: NodeScope): number[] {
  const [dims, values, cuts] = [node.dims(0), node.values(0), cutsOf(node)];
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  return Array.from({ length: sizeOf(cuts.map(({ count }) => count)) }, (_, index) => {
    let [rest, from] = [index, 0];
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      const { start, step, count } = cuts[axis]!;
      from += (start + (rest % count) * step) * strides[axis]!;
      rest = Math.floor(rest / count);
    }
    return values[from]!;
  });
}

export const slicing: Operators = {
  Slice: {
    infer: (node) => ({ type: node.type(0), dims: cutsOf(node).map(({ count }) => count) }),
    fold: foldSlice,
    gradient(scope) {
      scope.give(0, () =>
        cutsOf(scope).reduce((placed, { start, step }, axis) => {
          const size = scope.dims(0)[axis]!;
          return placeAlong(scope.builder, placed, axis, { start, step, size });
        }, scope.cotangent),
      );
    },
  },
};
