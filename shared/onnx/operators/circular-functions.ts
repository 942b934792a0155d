import type { GraphBuilder } from '../graph-builder.ts';
import type { Operator, Operators } from '../operator.ts';
import { unary } from './elementwise.ts';

/** Circular and hyperbolic functions and their inverses: the derivatives of any table. */

type Slope = (builder: GraphBuilder, x: string) => string;

/** dx = dy · f′(x) */
const byFactor = (slope: Slope, compute: (x: number) => number): Operator =>
  unary((scope) => scope.builder.mul(scope.cotangent, slope(scope.builder, scope.input(0))), compute);

/** dx = dy / (1 / f′(x)), for inverse functions. */
const byDivisor = (inverseSlope: Slope, compute: (x: number) => number): Operator =>
  unary((scope) => scope.builder.div(scope.cotangent, inverseSlope(scope.builder, scope.input(0))), compute);

const squared = (builder: GraphBuilder, x: string): string => builder.mul(x, x);
const onePlusSquare: Slope = (builder, x) => builder.add(squared(builder, x), builder.scalar(1));
const oneMinusSquare: Slope = (builder, x) => builder.sub(builder.scalar(1), squared(builder, x));
const squareMinusOne: Slope = (builder, x) => builder.sub(squared(builder, x), builder.scalar(1));
const rootOf =
  (slope: Slope): Slope =>
  (builder, x) =>
    builder.op('Sqrt', [slope(builder, x)]);

export const circularFunctions: Operators = {
  Sin: byFactor((builder, x) => builder.op('Cos', [x]), Math.sin),
  Cos: byFactor((builder, x) => builder.neg(builder.op('Sin', [x])), Math.cos),
  Tan: byFactor((builder, x) => onePlusSquare(builder, builder.op('Tan', [x])), Math.tan),
  Asin: byDivisor(rootOf(oneMinusSquare), Math.asin),
  Acos: byDivisor((builder, x) => builder.neg(rootOf(oneMinusSquare)(builder, x)), Math.acos),
  Atan: byDivisor(onePlusSquare, Math.atan),
  Sinh: byFactor((builder, x) => builder.op('Cosh', [x]), Math.sinh),
  Cosh: byFactor((builder, x) => builder.op('Sinh', [x]), Math.cosh),
  Asinh: byDivisor(rootOf(onePlusSquare), Math.asinh),
  Acosh: byDivisor(rootOf(squareMinusOne), Math.acosh),
  Atanh: byDivisor(oneMinusSquare, Math.atanh),
};
