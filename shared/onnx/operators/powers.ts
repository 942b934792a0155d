import { attributes, int } from '../attributes.ts';
import { unbroadcast } from '../broadcast.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { Operators } from '../operator.ts';
import { broadcastInfer, folding, unary } from './elementwise.ts';

/** Powers, roots, exponentials and logarithms: the derivatives of any table, dx = f′(x)·dy. */

/** d(aᵇ)/da = b·aᵇ⁻¹, and d(aᵇ)/db = aᵇ·ln a, taken as 0 where a is not positive. The exponent may be a whole number. */
function powGradient(scope: GradientScope): void {
  const { builder } = scope;
  const base = scope.input(0);
  const exponent =
    scope.type(1) === 'float32'
      ? scope.input(1)
      : builder.op('Cast', [scope.input(1)], attributes({ to: int(1) }));
  scope.give(0, () => {
    // a⁰ stands still everywhere, even at 0, where a⁻¹ is infinite.
    const isZero = builder.op('Equal', [exponent, builder.scalar(0)]);
    const less = builder.where(isZero, builder.scalar(1), builder.sub(exponent, builder.scalar(1)));
    const lower = builder.op('Pow', [base, less]);
    return unbroadcast(builder, builder.mul(scope.cotangent, builder.mul(exponent, lower)), scope.dims(0));
  });
  scope.give(1, () => {
    const isPositive = builder.op('Greater', [base, builder.scalar(0)]);
    const logarithm = builder.op('Log', [builder.where(isPositive, base, builder.scalar(1))]);
    return unbroadcast(
      builder,
      builder.mul(scope.cotangent, builder.mul(scope.output(), logarithm)),
      scope.dims(1),
    );
  });
}

export const powers: Operators = {
  Pow: {
    infer: broadcastInfer(),
    fold: folding((a, b) => a ** b),
    gradient: powGradient,
  },
  Sqrt: unary(
    (scope) => scope.builder.div(scope.builder.scale(scope.cotangent, 0.5), scope.output()),
    Math.sqrt,
  ),
  Exp: unary((scope) => scope.builder.mul(scope.cotangent, scope.output()), Math.exp),
  Log: unary((scope) => scope.builder.div(scope.cotangent, scope.input(0)), Math.log),
  // d(1/x) = −1/x²
  Reciprocal: unary(
    (scope) => {
      const { builder, cotangent } = scope;
      return builder.neg(builder.mul(cotangent, builder.mul(scope.output(), scope.output())));
    },
    (x) => 1 / x,
  ),
  // d|x| = sign(x), 0 at 0, as PyTorch has it.
  Abs: unary((scope) => {
    const { builder, cotangent } = scope;
    const zero = builder.scalar(0);
    const positive = builder.keepWhere(builder.op('Greater', [scope.input(0), zero]), cotangent);
    const negative = builder.keepWhere(builder.op('Less', [scope.input(0), zero]), cotangent);
    return builder.sub(positive, negative);
  }, Math.abs),
};
