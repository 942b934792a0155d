import { broadcastIndex } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import { sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operator, Operators } from '../operator.ts';

/**
 * Reductions y over some axes: every element gets dy, weighed by what the reduction says of it. Largest and smallest
 * values that occur more than once share dy evenly, as torch.amax has it.
 */

/** The axes are an input since opset 18; none, or an empty list, means all. */
function axesOf(node: NodeScope): number[] {
  const given = node.has(1) ? node.values(1) : [];
  if (given.length > 0) return given.map((axis) => node.axis(axis));
  return node.int('noop_with_empty_axes', 0) === 1 ? [] : node.dims(0).map((_, axis) => axis);
}

function infer(node: NodeScope): TensorType {
  const axes = new Set(axesOf(node));
  const keepDims = node.int('keepdims', 1) === 1;
  const dims = node.dims(0).flatMap((dim, axis) => (axes.has(axis) ? (keepDims ? [1] : []) : [dim]));
  return { type: node.type(0), dims };
}

/** A tensor of the output's shape, with the reduced axes back as axes of 1. */
function kept(scope: GradientScope, name: string): string {
  const axes = new Set(axesOf(scope));
  return scope.builder.reshape(
    name,
    scope.dims(0).map((dim, axis) => (axes.has(axis) ? 1 : dim)),
  );
}

const expanded = (scope: GradientScope, name: string): string =>
  scope.builder.op('Expand', [name, scope.builder.ints(scope.dims(0))]);

/** Elements that one output value is made of. */
function reducedSize(scope: GradientScope): number {
  return sizeOf(axesOf(scope).map((axis) => scope.dims(0)[axis]!));
}

/** @param weigh gives dx from x, and dy and y with the reduced axes kept */
function reduction(weigh: (scope: GradientScope, dy: string, y: string) => string): Operator {
  return {
    infer,
    gradient: (scope) =>
      scope.give(0, () => weigh(scope, kept(scope, scope.cotangent), kept(scope, scope.output()))),
  };
}

function extremum(): Operator {
  return reduction((scope, dy, y) => {
    const { builder } = scope;
    const isTaken = builder.op('Equal', [scope.input(0), y]);
    const taken = builder.where(isTaken, builder.scalar(1), builder.scalar(0));
    return builder.mul(taken, builder.div(dy, builder.reduceSum(taken, axesOf(scope))));
  });
}

/** d(Πx)/dxᵢ is the product of the others: Πx / xᵢ, or, where some vanish, what is left when they are counted as 1. */
function productGradient(scope: GradientScope, dy: string): string {
  const { builder } = scope;
  const x = scope.input(0);
  const isZero = builder.op('Equal', [x, builder.scalar(0)]);
  const zeros = builder.where(isZero, builder.scalar(1), builder.scalar(0));
  const others = builder.where(isZero, builder.scalar(1), x);
  const axes = axesOf(scope);
  if (axes.length === 0) return dy;
  const product = builder.op('ReduceProd', [others, builder.ints(axes)]);
  const otherZeros = builder.sub(builder.reduceSum(zeros, axes), zeros);
  const isAlone = builder.op('Equal', [otherZeros, builder.scalar(0)]);
  return builder.mul(dy, builder.keepWhere(isAlone, builder.div(product, others)));
}

/** For shape arithmetic. */
function folded(combine: (a: number, b: number) => number): Pick<Operator, 'fold'> {
  return {
    fold(node) {
      const [dims, axes] = [node.dims(0), axesOf(node)];
      const left = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
      const found: (number | undefined)[] = Array.from({ length: sizeOf(left) });
      for (const [index, value] of node.values(0).entries()) {
        const to = broadcastIndex(index, dims, left);
        const before = found[to];
        found[to] = before === undefined ? value : combine(before, value);
      }
      return found as number[];
    },
  };
}

export const reductions: Operators = {
  ReduceSum: { ...reduction((scope, dy) => expanded(scope, dy)), ...folded((a, b) => a + b) },
  ReduceMean: reduction((scope, dy) => expanded(scope, scope.builder.scale(dy, 1 / reducedSize(scope)))),
  ReduceMax: { ...extremum(), ...folded(Math.max) },
  ReduceMin: { ...extremum(), ...folded(Math.min) },
  ReduceProd: { ...reduction(productGradient), ...folded((a, b) => a * b) },
  ReduceL1: reduction((scope, dy) => scope.builder.mul(scope.builder.op('Sign', [scope.input(0)]), dy)),
  // d‖x‖ = x / ‖x‖, and 0 at 0, as PyTorch has it.
  ReduceL2: reduction((scope, dy, y) => {
    const { builder } = scope;
    const isPositive = builder.op('Greater', [y, builder.scalar(0)]);
    return builder.mul(scope.input(0), builder.keepWhere(isPositive, builder.div(dy, y)));
  }),
  ReduceSumSquare: reduction((scope, dy) => scope.builder.mul(scope.builder.scale(scope.input(0), 2), dy)),
  ReduceLogSum: reduction((scope, dy, y) => {
    const { builder } = scope;
    return expanded(scope, builder.div(dy, builder.op('Exp', [y])));
  }),
  // d ln Σ eˣ = eˣ⁻ʸ
  ReduceLogSumExp: reduction((scope, dy, y) => {
    const { builder } = scope;
    return builder.mul(dy, builder.op('Exp', [builder.sub(scope.input(0), y)]));
  }),
  CumSum: {
    infer: (node) => node.tensor(0),
    // The sum from the other end.
    gradient(scope) {
      const { builder, node } = scope;
      const isReversed = scope.int('reverse', 0) === 1;
      scope.give(0, () => {
        const attributes = new Map(node.attributes).set('reverse', {
          kind: 'int',
          value: isReversed ? 0 : 1,
        });
        return builder.op('CumSum', [scope.cotangent, scope.input(1)], attributes);
      });
    },
  },
};
