import { tensorOf } from '../attributes.ts';
import { numbersOf } from '../constants.ts';
import { type ElementType, sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operator, Operators } from '../operator.ts';
import { elementType } from '../protobuf/tensor-proto.ts';
import { broadcastInfer, folding, sameAsInput } from './elementwise.ts';

/** Operators whose derivative is zero wherever there is one: comparisons, rounding, and what speaks of shapes. */

function comparison(compute: (a: number, b: number) => boolean): Operator {
  const infer = broadcastInfer('bool');
  return { infer, fold: folding((a, b) => Number(compute(a, b)), infer), gradient: 'zero' };
}

function rounding(compute: (x: number) => number): Operator {
  return { infer: sameAsInput, fold: (node) => node.values(0).map(compute), gradient: 'zero' };
}

/** Shape may be asked for a part of the axes. */
function shapeOf(node: NodeScope): number[] {
  const dims = node.dims(0);
  const end = node.node.attributes.has('end') ? node.int('end', dims.length) : dims.length;
  return dims.slice(node.int('start', 0), end);
}

function range(node: NodeScope): number[] {
  const [start, end, step] = [0, 1, 2].map((index) => node.values(index)[0]!) as [number, number, number];
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (!(count <= 1e6)) throw node.damaged('a range without end');
  return Array.from({ length: count }, (_, index) => start + index * step);
}

const elementTypeOfEye = (node: NodeScope): ElementType =>
  node.node.attributes.has('dtype')
    ? elementType(node.int('dtype', 0), 'the result of EyeLike')
    : node.type(0);

const filled = (node: NodeScope): TensorType => ({
  type: tensorOf(node.node.attributes, 'value')?.type ?? 'float32',
  dims: node.values(0),
});

function argInfer(node: NodeScope): TensorType {
  const axis = node.axis(node.int('axis', 0));
  const keep = node.int('keepdims', 1) === 1;
  const dims = node.dims(0).flatMap((dim, each) => (each === axis ? (keep ? [1] : []) : [dim]));
  return { type: 'int64', dims };
}

function oneHotInfer(node: NodeScope): TensorType {
  const rank = node.rank(0) + 1;
  const axis = node.axis(node.int('axis', -1), rank);
  const [depth] = node.values(1) as [number];
  return { type: node.type(2), dims: node.dims(0).toSpliced(axis, 0, depth) };
}

/** Coordinates of what is not zero: [axes, how many]. */
function nonZero(node: NodeScope): { rank: number; places: number[] } {
  const places = node.values(0).flatMap((value, index) => (value === 0 ? [] : [index]));
  return { rank: node.rank(0), places };
}

function foldNonZero(node: NodeScope): number[] {
  const dims = node.dims(0);
  const { places } = nonZero(node);
  return dims.flatMap((size, axis) => {
    const run = sizeOf(dims.slice(axis + 1));
    return places.map((place) => Math.floor(place / run) % size);
  });
}

const arg: Operator = { infer: argInfer, gradient: 'zero' };

export const withoutGradient: Operators = {
  Shape: {
    infer: (node) => ({ type: 'int64', dims: [shapeOf(node).length] }),
    fold: shapeOf,
    foldsShapes: true,
    gradient: 'zero',
  },
  Size: {
    infer: () => ({ type: 'int64', dims: [] }),
    fold: (node) => [sizeOf(node.dims(0))],
    foldsShapes: true,
    gradient: 'zero',
  },
  Range: {
    infer: (node) => ({ type: node.type(0), dims: [range(node).length] }),
    fold: range,
    gradient: 'zero',
  },
  ConstantOfShape: {
    infer: filled,
    fold(node) {
      const value = tensorOf(node.node.attributes, 'value');
      return Array<number>(sizeOf(filled(node).dims)).fill(value === undefined ? 0 : numbersOf(value)[0]!);
    },
    gradient: 'zero',
  },
  Equal: comparison((a, b) => a === b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Xor: comparison((a, b) => (a !== 0) !== (b !== 0)),
  Not: rounding((x) => (x === 0 ? 1 : 0)),
  Floor: rounding(Math.floor),
  Ceil: rounding(Math.ceil),
  Round: rounding((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  Sign: rounding(Math.sign),
  IsNaN: { infer: broadcastInfer('bool'), gradient: 'zero' },
  IsInf: { infer: broadcastInfer('bool'), gradient: 'zero' },
  Hardmax: { infer: sameAsInput, gradient: 'zero' },
  OneHot: {
    infer: oneHotInfer,
    gradient: (scope) => scope.refuse(2, 'its pair of values'),
  },
  NonZero: {
    infer: (node) => ({ type: 'int64', dims: [nonZero(node).rank, nonZero(node).places.length] }),
    fold: foldNonZero,
    gradient: 'zero',
  },
  EyeLike: {
    infer: (node) => ({ type: elementTypeOfEye(node), dims: node.dims(0) }),
    fold(node) {
      const [rows, columns] = node.dims(0) as [number, number];
      const shift = node.int('k', 0);
      return Array.from({ length: rows * columns }, (_, index) =>
        Number((index % columns) - Math.floor(index / columns) === shift),
      );
    },
    foldsShapes: true,
    gradient: 'zero',
  },
  ArgMax: arg,
  ArgMin: arg,
};
