import { unbroadcast } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { broadcastInfer, folding } from './elementwise.ts';

/**
 * Max, Min and Where: the cotangent goes to the input that was taken. Inputs of Max or Min that are equal share it evenly,
 * as in PyTorch.
 */

function extremumGradient(scope: GradientScope): void {
  const { builder } = scope;
  const inputs = scope.node.inputs;
  if (inputs.length === 1) return scope.give(0, () => scope.cotangent);
  const taken = inputs.map((input) =>
    builder.where(builder.op('Equal', [input, scope.output()]), builder.scalar(1), builder.scalar(0)),
  );
  const share = builder.div(
    scope.cotangent,
    taken.reduce((sum, each) => builder.add(sum, each)),
  );
  for (const [index, mask] of taken.entries()) {
    scope.give(index, () => unbroadcast(builder, builder.mul(share, mask), scope.dims(index)));
  }
}

const whereInfer = (node: NodeScope) => ({ ...broadcastInfer()(node), type: node.type(1) });

export const selection: Operators = {
  Max: { infer: broadcastInfer(), fold: folding(Math.max), gradient: extremumGradient },
  Min: { infer: broadcastInfer(), fold: folding(Math.min), gradient: extremumGradient },
  Where: {
    infer: whereInfer,
    fold: folding((condition, a, b) => (condition === 0 ? b : a), whereInfer),
    gradient(scope) {
      const { builder } = scope;
      const [condition, zero] = [scope.input(0), builder.scalar(0)];
      scope.give(1, () =>
        unbroadcast(builder, builder.where(condition, scope.cotangent, zero), scope.dims(1)),
      );
      scope.give(2, () =>
        unbroadcast(builder, builder.where(condition, zero, scope.cotangent), scope.dims(2)),
      );
    },
  },
};
