import type { Operators } from '../operator.ts';
import { unary } from './elementwise.ts';

/** Softmax y along an axis: dx = y · (dy − Σ dy·y). LogSoftmax: dx = dy − eʸ · Σ dy. Sums run along the axis. */
export const softmax: Operators = {
  Softmax: unary((scope) => {
    const { builder, cotangent } = scope;
    const y = scope.output();
    const axis = scope.axis(scope.int('axis', -1));
    const weighted = builder.mul(cotangent, y);
    return builder.sub(weighted, builder.mul(y, builder.reduceSum(weighted, [axis])));
  }),
  LogSoftmax: unary((scope) => {
    const { builder, cotangent } = scope;
    const axis = scope.axis(scope.int('axis', -1));
    const probabilities = builder.op('Exp', [scope.output()]);
    return builder.sub(cotangent, builder.mul(probabilities, builder.reduceSum(cotangent, [axis])));
  }),
};
