import type { GradientScope } from '../gradient-scope.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { sameAsInput } from './elementwise.ts';

/**
 * Normalisations. BatchNormalization at inference is a fixed factor for each channel: dx = dy · γ / √(σ² + ε) (Ioffe 2015).
 * Layer (Ba 2016) and instance normalisation (Ulyanov 2016) take mean and variance from the input itself: with x̂ = (x − μ)/s,
 * s = √(σ² + ε) and g = γ·dy: dx = (g − mean(g) − x̂ · mean(g · x̂)) / s, means over the normalised axes.
 * GroupNormalization is written as instance normalisation when a file is read.
 */

/** A vector of one value for each channel, in a shape that broadcasts over N, C, and the spatial axes. */
function perChannel(scope: GradientScope, vector: string): string {
  const dims = scope.dims(0).map((dim, axis) => (axis === 1 ? dim : 1));
  return scope.builder.reshape(vector, dims);
}

/** @param g the cotangent times γ */
function throughStatistics(
  scope: GradientScope,
  g: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const { builder } = scope;
  const x = scope.input(0);
  const centred = builder.sub(x, builder.reduceMean(x, axes));
  const variance = builder.reduceMean(builder.mul(centred, centred), axes);
  const deviation = builder.op('Sqrt', [builder.add(variance, builder.scalar(epsilon))]);
  const normalised = builder.div(centred, deviation);
  const along = builder.mul(normalised, builder.reduceMean(builder.mul(g, normalised), axes));
  const across = builder.sub(g, builder.reduceMean(g, axes));
  return builder.div(builder.sub(across, along), deviation);
}

const axesFrom = (node: NodeScope, first: number): number[] =>
  Array.from({ length: node.rank(0) - first }, (_, index) => first + index);

export const normalisation: Operators = {
  BatchNormalization: {
    infer(node) {
      if (node.int('training_mode', 0) !== 0) throw node.unsupported('the network was exported for training');
      return node.tensor(0);
    },
    gradient(scope) {
      const { builder } = scope;
      for (const index of [1, 2, 3, 4]) scope.refuse(index, 'one of its statistics');
      scope.give(0, () => {
        const variance = builder.add(scope.input(4), builder.scalar(scope.float('epsilon', 1e-5)));
        const factor = builder.div(scope.input(1), builder.op('Sqrt', [variance]));
        return builder.mul(scope.cotangent, perChannel(scope, factor));
      });
    },
  },
  LayerNormalization: {
    infer: sameAsInput,
    gradient(scope) {
      const { builder } = scope;
      for (const index of [1, 2]) scope.refuse(index, 'its scale or shift');
      scope.give(0, () => {
        const axes = axesFrom(scope, scope.axis(scope.int('axis', -1)));
        const scaled = builder.mul(scope.cotangent, scope.input(1));
        return throughStatistics(scope, scaled, axes, scope.float('epsilon', 1e-5));
      });
    },
  },
  InstanceNormalization: {
    infer: sameAsInput,
    gradient(scope) {
      for (const index of [1, 2]) scope.refuse(index, 'its scale or shift');
      scope.give(0, () => {
        const scaled = scope.builder.mul(scope.cotangent, perChannel(scope, scope.input(1)));
        return throughStatistics(scope, scaled, axesFrom(scope, 2), scope.float('epsilon', 1e-5));
      });
    },
  },
  // x / ‖x‖ₚ along an axis: for p = 2, dx = (dy − y · Σ dy·y) / ‖x‖; for p = 1, dx = (dy − sign(x) · Σ dy·y) / ‖x‖; 0 at 0
  LpNormalization: {
    infer: sameAsInput,
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const axis = scope.axis(scope.int('axis', -1));
        const order = scope.int('p', 2);
        const norm = builder.op(`ReduceL${order}`, [scope.input(0), builder.ints([axis])]);
        const projected = builder.reduceSum(builder.mul(scope.cotangent, scope.output()), [axis]);
        const direction = order === 2 ? scope.output() : builder.op('Sign', [scope.input(0)]);
        const across = builder.sub(scope.cotangent, builder.mul(direction, projected));
        const isPositive = builder.op('Greater', [norm, builder.scalar(0)]);
        return builder.keepWhere(isPositive, builder.div(across, norm));
      });
    },
  },
};
