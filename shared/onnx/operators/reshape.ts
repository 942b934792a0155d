import { sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operator, Operators } from '../operator.ts';
import { elementTypeOfCast } from './cast-type.ts';

/** Operators that keep every value and its order: the cotangent goes back in the input's shape. */

function reshaping(dimsOf: (node: NodeScope) => number[]): Operator {
  return {
    infer(node) {
      const dims = dimsOf(node);
      if (sizeOf(dims) !== sizeOf(node.dims(0))) {
        throw node.damaged(`${node.dims(0).join('×')} cannot become ${dims.join('×')}`);
      }
      return { type: node.type(0), dims };
    },
    fold: (node) => node.values(0),
    gradient: (scope) => scope.give(0, () => scope.builder.reshape(scope.cotangent, scope.dims(0))),
  };
}

/** 0 copies the input's size unless `allowzero`; one −1 takes what is left. */
function reshapeDims(node: NodeScope): number[] {
  const asked = node.values(1);
  const from = node.dims(0);
  const dims = asked.map((dim, axis) =>
    dim === 0 && node.int('allowzero', 0) === 0 ? (from[axis] ?? 0) : dim,
  );
  const open = dims.indexOf(-1);
  if (open >= 0) dims[open] = sizeOf(from) / sizeOf(dims.filter((dim) => dim !== -1));
  return dims;
}

function flattenDims(node: NodeScope): number[] {
  const dims = node.dims(0);
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + dims.length : given;
  return [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
}

function squeezeDims(node: NodeScope): number[] {
  const dims = node.dims(0);
  const axes = node.has(1)
    ? node.values(1).map((axis) => node.axis(axis))
    : dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  return dims.filter((_, axis) => !axes.includes(axis));
}

function unsqueezeDims(node: NodeScope): number[] {
  const added = node.values(1);
  const rank = node.rank(0) + added.length;
  const axes = new Set(added.map((axis) => node.axis(axis, rank)));
  const rest = [...node.dims(0)];
  return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : rest.shift()!));
}

const castInfer = (node: NodeScope): TensorType => ({
  type: elementTypeOfCast(node),
  dims: node.dims(0),
});

export const reshape: Operators = {
  Reshape: reshaping(reshapeDims),
  Flatten: reshaping(flattenDims),
  Squeeze: reshaping(squeezeDims),
  Unsqueeze: reshaping(unsqueezeDims),
  Identity: reshaping((node) => [...node.dims(0)]),
  Cast: {
    infer: castInfer,
    fold(node) {
      const values = node.values(0);
      const type = elementTypeOfCast(node);
      if (type === 'bool') return values.map((value) => (value === 0 ? 0 : 1));
      return type === 'float32' ? values : values.map(Math.trunc);
    },
    // Between real numbers, which are all of one kind here; what comes from whole numbers is not followed further.
    gradient: (scope) => scope.give(0, () => scope.cotangent),
  },
};
