import { create } from '@bufbuild/protobuf';
import type { AttributeValue, Constant, GraphNode, TensorType } from './graph.ts';
import { modelBytes } from './protobuf/model-bytes.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './protobuf/onnx-pb.ts';
import { elementCode, writeTensor } from './protobuf/tensor-proto.ts';

/** The opset that everything here is written in; `modernise/` lifts older files to it. */
export const writtenOpset = 18;
/** Of February 2022; every runtime in use reads it. */
const irVersion = 8;

export interface WritableGraph {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly outputs: ReadonlyMap<string, TensorType>;
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
}

/** The same graph gives the same bytes. */
export function writeModel({ name, inputs, outputs, nodes, constants }: WritableGraph): Uint8Array {
  const graph = create(GraphProtoSchema, {
    name,
    node: nodes.map(writeNode),
    input: [...inputs].map(writeValueInfo),
    output: [...outputs].map(writeValueInfo),
  });
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'fieldray',
    opsetImport: [{ domain: '', version: BigInt(writtenOpset) }],
  });
  return modelBytes(model, graph, constants);
}

function writeNode({ name, opType, domain, inputs, outputs, attributes }: GraphNode) {
  return create(NodeProtoSchema, {
    name,
    opType,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: [...attributes].map(([each, value]) => writeAttribute(each, value)),
  });
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function writeAttribute(name: string, attribute: AttributeValue): AttributeProto {
  switch (attribute.kind) {
    case 'float':
      return create(AttributeProtoSchema, { name, type: 1, f: attribute.value });
    case 'int':
      return create(AttributeProtoSchema, { name, type: 2, i: BigInt(attribute.value) });
    case 'string':
      return create(AttributeProtoSchema, { name, type: 3, s: bytesOf(attribute.value) });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: 4, t: writeTensor('', attribute.value) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: 6, floats: [...attribute.value] });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: 7, ints: attribute.value.map(BigInt) });
    case 'strings':
      return create(AttributeProtoSchema, { name, type: 8, strings: attribute.value.map(bytesOf) });
    case 'graph':
    case 'other':
      throw new TypeError(`an attribute of the kind ${attribute.kind} is not written`);
  }
}

function writeValueInfo([name, { type, dims }]: [string, TensorType]): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      tensorType: {
        elemType: elementCode(type),
        shape: { dim: dims.map((dim) => ({ value: { case: 'dimValue' as const, value: BigInt(dim) } })) },
      },
    },
  });
}
