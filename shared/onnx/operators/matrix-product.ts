import { attributes, int, ints } from '../attributes.ts';
import { broadcastDims, unbroadcast } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/** Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY. Gemm adds factors, transposes and a shift: Y = α·A′·B′ + β·C. */

function swapLastAxes(builder: GraphBuilder, name: string): string {
  const rank = builder.dims(name).length;
  const order = Array.from({ length: rank }, (_, axis) => axis);
  [order[rank - 1], order[rank - 2]] = [rank - 2, rank - 1];
  return builder.op('Transpose', [name], attributes({ perm: ints(order) }));
}

/** MatMul takes a vector for a row on its left and a column on its right, and drops that axis from the result. */
function matMulShapes(node: NodeScope) {
  const [left, right] = [node.dims(0), node.dims(1)];
  const a = left.length === 1 ? [1, ...left] : [...left];
  const b = right.length === 1 ? [...right, 1] : [...right];
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) {
    throw node.damaged(`${left.join('×')} and ${right.join('×')} cannot be multiplied`);
  }
  const product = [...broadcastDims([a.slice(0, -2), b.slice(0, -2)], node), a.at(-2)!, b.at(-1)!];
  const dims = product.filter(
    (_, axis) =>
      !(left.length === 1 && axis === product.length - 2) &&
      !(right.length === 1 && axis === product.length - 1),
  );
  return { a, b, product, dims };
}

function matMulGradient(scope: GradientScope): void {
  const { builder } = scope;
  const { a, b, product } = matMulShapes(scope);
  const dy = (): string => builder.reshape(scope.cotangent, product);
  const matrix = (index: number, dims: readonly number[]): string =>
    builder.reshape(scope.input(index), dims);
  scope.give(0, () => {
    const cotangent = builder.op('MatMul', [dy(), swapLastAxes(builder, matrix(1, b))]);
    return builder.reshape(unbroadcast(builder, cotangent, a), scope.dims(0));
  });
  scope.give(1, () => {
    const cotangent = builder.op('MatMul', [swapLastAxes(builder, matrix(0, a)), dy()]);
    return builder.reshape(unbroadcast(builder, cotangent, b), scope.dims(1));
  });
}

function gemmDims(node: NodeScope): number[] {
  const [[a0, a1, ...a], [b0, b1, ...b]] = [node.dims(0), node.dims(1)];
  const [rows, inner] = node.int('transA', 0) === 1 ? [a1, a0] : [a0, a1];
  const [innerToo, columns] = node.int('transB', 0) === 1 ? [b1, b0] : [b0, b1];
  if (rows === undefined || columns === undefined || inner !== innerToo || a.length + b.length > 0) {
    throw node.damaged('its inputs cannot be multiplied');
  }
  return [rows, columns];
}

function gemmGradient(scope: GradientScope): void {
  const { builder } = scope;
  const alpha = scope.float('alpha', 1);
  const [transA, transB] = [scope.int('transA', 0) === 1, scope.int('transB', 0) === 1];
  const product = (left: string, flipLeft: boolean, right: string, flipRight: boolean): string => {
    const flips = attributes({ transA: int(flipLeft ? 1 : 0), transB: int(flipRight ? 1 : 0) });
    return builder.scale(builder.op('Gemm', [left, right], flips), alpha);
  };
  const dy = scope.cotangent;
  const [a, b] = [scope.input(0), scope.input(1)];
  scope.give(0, () => (transA ? product(b, transB, dy, true) : product(dy, false, b, !transB)));
  scope.give(1, () => (transB ? product(dy, true, a, transA) : product(a, !transA, dy, false)));
  scope.give(2, () => unbroadcast(builder, builder.scale(dy, scope.float('beta', 1)), scope.dims(2)));
}

export const matrixProduct: Operators = {
  MatMul: {
    infer: (node) => ({ type: node.type(0), dims: matMulShapes(node).dims }),
    gradient: matMulGradient,
  },
  Gemm: {
    infer: (node) => ({ type: node.type(0), dims: gemmDims(node) }),
    gradient: gemmGradient,
  },
};
