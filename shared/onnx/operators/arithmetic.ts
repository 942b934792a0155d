import { unbroadcast } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { broadcastInfer, folding, unary } from './elementwise.ts';

/**
 * Add, Sub, Mul, Div and what is made of them, with broadcasting. d(a·b) = b·da + a·db; d(a/b) = da/b − (a/b)·db/b;
 * d(a mod b) = da − trunc(a/b)·db. An input that was repeated collects the sum over its copies.
 */

function giveUnbroadcast(scope: GradientScope, index: number, make: () => string): void {
  scope.give(index, () => unbroadcast(scope.builder, make(), scope.dims(index)));
}

const wholeNumbers = (node: NodeScope): boolean => node.type(0) !== 'float32';

export const arithmetic: Operators = {
  Add: {
    infer: broadcastInfer(),
    fold: folding((a, b) => a + b),
    gradient(scope) {
      for (const index of [0, 1]) giveUnbroadcast(scope, index, () => scope.cotangent);
    },
  },
  Sub: {
    infer: broadcastInfer(),
    fold: folding((a, b) => a - b),
    gradient(scope) {
      giveUnbroadcast(scope, 0, () => scope.cotangent);
      giveUnbroadcast(scope, 1, () => scope.builder.neg(scope.cotangent));
    },
  },
  Mul: {
    infer: broadcastInfer(),
    fold: folding((a, b) => a * b),
    gradient(scope) {
      for (const index of [0, 1]) {
        giveUnbroadcast(scope, index, () => scope.builder.mul(scope.cotangent, scope.input(1 - index)));
      }
    },
  },
  Div: {
    infer: broadcastInfer(),
    fold: (node) => folding(wholeNumbers(node) ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)(node),
    gradient(scope) {
      const { builder } = scope;
      const byDivisor = (): string => builder.div(scope.cotangent, scope.input(1));
      giveUnbroadcast(scope, 0, byDivisor);
      giveUnbroadcast(scope, 1, () => builder.neg(builder.mul(byDivisor(), scope.output())));
    },
  },
  // With fmod, which real numbers need, it has the sign of the dividend, else that of the divisor.
  Mod: {
    infer: broadcastInfer(),
    fold: (node) =>
      folding(node.int('fmod', 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(node),
    gradient(scope) {
      const { builder } = scope;
      giveUnbroadcast(scope, 0, () => scope.cotangent);
      giveUnbroadcast(scope, 1, () => {
        const times = builder.div(builder.sub(scope.input(0), scope.output()), scope.input(1));
        return builder.neg(builder.mul(scope.cotangent, times));
      });
    },
  },
  Neg: unary(
    ({ builder, cotangent }) => builder.neg(cotangent),
    (x) => -x,
  ),
  Sum: {
    infer: broadcastInfer(),
    gradient(scope) {
      for (const index of scope.node.inputs.keys()) giveUnbroadcast(scope, index, () => scope.cotangent);
    },
  },
  Mean: {
    infer: broadcastInfer(),
    gradient(scope) {
      const share = 1 / scope.inputCount;
      for (const index of scope.node.inputs.keys()) {
        giveUnbroadcast(scope, index, () => scope.builder.scale(scope.cotangent, share));
      }
    },
  },
};
