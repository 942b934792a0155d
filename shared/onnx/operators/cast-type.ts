import type { ElementType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import { elementType } from '../protobuf/tensor-proto.ts';

/** @throws AppError `onnx.unsupported` */
export function elementTypeOfCast(node: NodeScope): ElementType {
  return elementType(node.int('to', 0), 'the result of a Cast');
}
