import { unbroadcast } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { Operators } from '../operator.ts';
import { sameAsInput, unary } from './elementwise.ts';

/**
 * Activations made of straight pieces: the slope of the piece times dy. Where two pieces meet, the derivative is that of
 * PyTorch: 0 for Relu at 0, 1 for Clip at its ends.
 */

const above = ({ builder }: GradientScope, x: string, limit: number): string =>
  builder.op('Greater', [x, builder.scalar(limit)]);

/** dy · slope where x > 0, dy · otherwise elsewhere. */
function leaky(scope: GradientScope, otherwise: string): string {
  const { builder, cotangent } = scope;
  return builder.where(above(scope, scope.input(0), 0), cotangent, builder.mul(cotangent, otherwise));
}

/** dy · slope where low < x < high, 0 elsewhere. */
function inside(scope: GradientScope, low: number, high: number, slope: number): string {
  const { builder, cotangent } = scope;
  const x = scope.input(0);
  const belowHigh = builder.op('Less', [x, builder.scalar(high)]);
  const kept = builder.keepWhere(above(scope, x, low), builder.keepWhere(belowHigh, cotangent));
  return builder.scale(kept, slope);
}

/** Clip's limits are inputs and may be left out. */
function clipGradient(scope: GradientScope): string {
  const { builder } = scope;
  let kept = scope.cotangent;
  const x = scope.input(0);
  // Not "outside": a value at the limit passes.
  if (scope.has(1)) kept = builder.where(builder.op('Less', [x, scope.input(1)]), builder.scalar(0), kept);
  if (scope.has(2)) kept = builder.where(builder.op('Greater', [x, scope.input(2)]), builder.scalar(0), kept);
  return kept;
}

export const piecewiseActivations: Operators = {
  Relu: unary((scope) => scope.builder.keepWhere(above(scope, scope.output(), 0), scope.cotangent)),
  LeakyRelu: unary((scope) => leaky(scope, scope.builder.scalar(scope.float('alpha', 0.01)))),
  PRelu: {
    infer: sameAsInput,
    gradient(scope) {
      scope.refuse(1, 'its slope');
      scope.give(0, () => unbroadcast(scope.builder, leaky(scope, scope.input(1)), scope.dims(0)));
    },
  },
  ThresholdedRelu: unary((scope) =>
    scope.builder.keepWhere(above(scope, scope.input(0), scope.float('alpha', 1)), scope.cotangent),
  ),
  Clip: {
    infer: sameAsInput,
    fold(node) {
      const low = node.has(1) ? node.values(1)[0]! : -Infinity;
      const high = node.has(2) ? node.values(2)[0]! : Infinity;
      return node.values(0).map((x) => Math.min(Math.max(x, low), high));
    },
    gradient(scope) {
      for (const index of [1, 2]) scope.refuse(index, 'one of its limits');
      scope.give(0, () => clipGradient(scope));
    },
  },
  // max(0, min(1, αx + β))
  HardSigmoid: unary((scope) => {
    const [alpha, beta] = [scope.float('alpha', 0.2), scope.float('beta', 0.5)];
    if (alpha <= 0) throw scope.noRule(`a slope of ${alpha}`);
    return inside(scope, -beta / alpha, (1 - beta) / alpha, alpha);
  }),
  // x · max(0, min(1, x/6 + ½)): 0 up to −3, x/3 + ½ up to 3, then 1
  HardSwish: unary((scope) => {
    const { builder, cotangent } = scope;
    const x = scope.input(0);
    const slope = builder.add(builder.scale(x, 1 / 3), builder.scalar(0.5));
    const belowThree = builder.where(
      builder.op('Less', [x, builder.scalar(3)]),
      builder.mul(cotangent, slope),
      cotangent,
    );
    return builder.keepWhere(above(scope, x, -3), belowThree);
  }),
};
