import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Constant } from '../graph.ts';
import { type GraphProto, GraphProtoSchema, type ModelProto, ModelProtoSchema } from './onnx-pb.ts';
import { tensorHead } from './tensor-proto.ts';

/** ModelProto.graph, GraphProto.initializer and TensorProto.raw_data. */
const fields = { graph: 7, initializer: 5, rawData: 9 };

/**
 * A file of a model, its graph and its weights, all but the weights written by the protobuf library. That would copy them once
 * for every message that they lie in, and again whenever its buffer grows; here each is copied once.
 */
export function modelBytes(
  model: Omit<ModelProto, 'graph'>,
  graph: GraphProto,
  constants: ReadonlyMap<string, Constant>,
): Uint8Array {
  const weights = [...constants].flatMap(([name, constant]) => {
    const head = tensorHead(name, constant);
    const values = [header(fields.rawData, constant.bytes.length), constant.bytes];
    return [header(fields.initializer, totalLength([head, ...values])), head, ...values];
  });
  const inside = [toBinary(GraphProtoSchema, graph), ...weights];
  const outside = toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
  return joined([outside, header(fields.graph, totalLength(inside)), ...inside]);
}

/** What stands before a field of so many bytes. */
function header(field: number, length: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(totalLength(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
