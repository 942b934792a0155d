import type { GraphBuilder } from './graph-builder.ts';
import { inverseOrder, transpose } from './operators/transpose.ts';

/** A linear map of one axis: rows[output][input]. */
export type AxisMap = readonly (readonly number[])[];

/** The adjoint of a linear map along one axis: multiplies `name` by the transposed matrix there. */
export function adjointAlong(builder: GraphBuilder, name: string, axis: number, rows: AxisMap): string {
  const inputs = rows[0]!.length;
  const rank = builder.dims(name).length;
  // Axes other than the last are moved there and back, except the last but one, where the matrix goes on the left.
  if (axis === rank - 2) {
    const turned = Array.from({ length: inputs }, (_, input) => rows.map((row) => row[input]!));
    const matrix = builder.constant('float32', [inputs, rows.length], turned.flat());
    return builder.op('MatMul', [matrix, name]);
  }
  const matrix = builder.constant('float32', [rows.length, inputs], rows.flat());
  const order = Array.from({ length: rank }, (_, each) => each).filter((each) => each !== axis);
  order.push(axis);
  const product = builder.op('MatMul', [transpose(builder, name, order), matrix]);
  return transpose(builder, product, inverseOrder(order));
}
