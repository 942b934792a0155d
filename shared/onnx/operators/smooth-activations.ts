import type { GradientScope } from '../gradient-scope.ts';
import type { Operators } from '../operator.ts';
import { unary } from './elementwise.ts';

/** Smooth activations, by what their own result says of the slope where that is cheaper than the input. */

/** dy where x > 0, dy · slope elsewhere. */
function belowZero(scope: GradientScope, slope: string): string {
  const { builder, cotangent } = scope;
  const isPositive = builder.op('Greater', [scope.input(0), builder.scalar(0)]);
  return builder.where(isPositive, cotangent, builder.mul(cotangent, slope));
}

export const smoothActivations: Operators = {
  // σ′ = σ(1 − σ)
  Sigmoid: unary((scope) => {
    const { builder, cotangent } = scope;
    const y = scope.output();
    return builder.mul(cotangent, builder.mul(y, builder.sub(builder.scalar(1), y)));
  }),
  // tanh′ = 1 − tanh²
  Tanh: unary((scope) => {
    const { builder, cotangent } = scope;
    const y = scope.output();
    return builder.mul(cotangent, builder.sub(builder.scalar(1), builder.mul(y, y)));
  }),
  // ln(1 + eˣ)′ = σ(x)
  Softplus: unary((scope) =>
    scope.builder.mul(scope.cotangent, scope.builder.op('Sigmoid', [scope.input(0)])),
  ),
  // (x / (1 + |x|))′ = 1 / (1 + |x|)²
  Softsign: unary((scope) => {
    const { builder } = scope;
    const divisor = builder.add(builder.op('Abs', [scope.input(0)]), builder.scalar(1));
    return builder.div(scope.cotangent, builder.mul(divisor, divisor));
  }),
  // erf′ = 2/√π · exp(−x²)
  Erf: unary((scope) => {
    const { builder } = scope;
    const x = scope.input(0);
    const bell = builder.op('Exp', [builder.neg(builder.mul(x, x))]);
    return builder.mul(scope.cotangent, builder.scale(bell, 2 / Math.sqrt(Math.PI)));
  }),
  // α(eˣ − 1) below 0, whose slope is y + α (Clevert 2015)
  Elu: unary((scope) => {
    const alpha = scope.float('alpha', 1);
    return belowZero(scope, scope.builder.add(scope.output(), scope.builder.scalar(alpha)));
  }),
  // γx above 0, γα(eˣ − 1) below, whose slope is y + γα (Klambauer 2017)
  Selu: unary((scope) => {
    const { builder, cotangent } = scope;
    const alpha = scope.float('alpha', 1.6732632423543772);
    const gamma = scope.float('gamma', 1.0507009873554805);
    const isPositive = builder.op('Greater', [scope.input(0), builder.scalar(0)]);
    const below = builder.mul(cotangent, builder.add(scope.output(), builder.scalar(gamma * alpha)));
    return builder.where(isPositive, builder.scale(cotangent, gamma), below);
  }),
  // α(exp(x/α) − 1) below 0, whose slope is exp(x/α) = y/α + 1 (Barron 2017)
  Celu: unary((scope) => {
    const { builder } = scope;
    const share = builder.scale(scope.output(), 1 / scope.float('alpha', 1));
    return belowZero(scope, builder.add(share, builder.scalar(1)));
  }),
};
