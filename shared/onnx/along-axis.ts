import type { GraphBuilder } from './graph-builder.ts';
import type { NodeScope } from './node-scope.ts';
import { inverseOrder, transpose } from './operators/transpose.ts';

/** A linear map of one axis: rows[output][input]. */
export type AxisMap = readonly (readonly number[])[];

/** 256 MB as float64: a matrix of every input and output cell is for pictures, not for lists. */
const mostWeights = 3.2e7;

/** @throws AppError `onnx.no-rule` for an axis that is too long to be written as a matrix */
export function assertMapFits(node: NodeScope, inputs: number, outputs: number): void {
  if (inputs * outputs > mostWeights) throw node.noRule(`an axis of ${inputs} that becomes ${outputs}`);
}

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
