import { fromBinary } from '@bufbuild/protobuf';
import { AppError, describeThrown } from '../kernel/errors.ts';
import type {
  Attributes,
  AttributeValue,
  Constant,
  GraphInput,
  GraphNode,
  OnnxGraph,
  Subgraph,
} from './graph.ts';
import { inlineFunctions } from './inline-functions.ts';
import { namesFromAround, orderNodes } from './order-nodes.ts';
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from './protobuf/onnx-pb.ts';
import { elementType, readTensor } from './protobuf/tensor-proto.ts';

/** The opsets whose operators are known here. */
const oldestOpset = 9;
const newestOpset = 22;

/**
 * An ONNX file as a graph.
 * @throws AppError `onnx.damaged` (also: not an ONNX file), `onnx.cyclic`, `onnx.external-data`, `onnx.unsupported`
 */
export function readModel(bytes: Uint8Array): OnnxGraph {
  const model = parse(bytes);
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0) {
    throw new AppError('onnx.damaged', 'the file holds no network');
  }
  if (graph.sparseInitializer.length > 0) {
    throw new AppError('onnx.unsupported', 'sparse tensors are not supported');
  }
  const opset = opsetOf(model);
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer) constants.set(tensor.name, readTensor(tensor));
  const nodes = inlineFunctions(model, opset, graph.node).map(readNode);
  // Before IR version 4 every weight was listed among the inputs, too.
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(readInput);
  return {
    opset,
    inputs,
    outputs: graph.output.map(({ name }) => name),
    nodes: orderNodes(nodes, [...inputs.map(({ name }) => name), ...constants.keys()]),
    constants,
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    const reason = `not an ONNX file, or cut off: ${describeThrown(cause)}`;
    throw new AppError('onnx.damaged', reason, { cause });
  }
}

function opsetOf({ opsetImport }: ModelProto): number {
  const standard = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = Number(standard?.version ?? 0);
  if (version < oldestOpset || version > newestOpset) {
    throw new AppError(
      'onnx.unsupported',
      `the file uses opset ${version}; ${oldestOpset} to ${newestOpset} can be read`,
    );
  }
  return version;
}

function readNode({ name, opType, domain, input, output, attribute }: NodeProto): GraphNode {
  return {
    name,
    opType,
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs: input,
    outputs: output,
    attributes: readAttributes(attribute),
  };
}

function readAttributes(protos: readonly AttributeProto[]): Attributes {
  return new Map(protos.map((proto) => [proto.name, readAttribute(proto)]));
}

const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** By AttributeProto.AttributeType. */
function readAttribute(proto: AttributeProto): AttributeValue {
  switch (proto.type) {
    case 1:
      return { kind: 'float', value: proto.f };
    case 2:
      return { kind: 'int', value: Number(proto.i) };
    case 3:
      return { kind: 'string', value: text(proto.s) };
    case 4:
      if (proto.t === undefined) throw new AppError('onnx.damaged', `attribute ${proto.name} is empty`);
      return { kind: 'tensor', value: readTensor(proto.t) };
    case 5:
      if (proto.g === undefined) throw new AppError('onnx.damaged', `attribute ${proto.name} is empty`);
      return { kind: 'graph', value: readSubgraph(proto.g) };
    case 6:
      return { kind: 'floats', value: proto.floats };
    case 7:
      return { kind: 'ints', value: proto.ints.map(Number) };
    case 8:
      return { kind: 'strings', value: proto.strings.map(text) };
    default:
      return { kind: 'other' };
  }
}

function readSubgraph(graph: GraphProto): Subgraph {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, readTensor(tensor)]));
  const nodes = graph.node.map(readNode);
  const outputs = graph.output.map(({ name }) => name);
  const around = namesFromAround({ nodes, constants, outputs });
  return { nodes: orderNodes(nodes, [...constants.keys(), ...around]), constants, outputs };
}

function readInput({ name, type }: ValueInfoProto): GraphInput {
  const tensor = type?.tensorType;
  if (tensor === undefined) throw new AppError('onnx.unsupported', `input ${name} is not a tensor`);
  return {
    name,
    type: elementType(tensor.elemType, `input ${name}`),
    dims: tensor.shape && readDims(tensor.shape),
  };
}

type ShapeProto = NonNullable<
  NonNullable<NonNullable<GraphProto['input'][number]['type']>['tensorType']>['shape']
>;

function readDims({ dim }: ShapeProto): GraphInput['dims'] {
  return dim.map(({ value }) => {
    if (value.case === 'dimValue') return Number(value.value);
    return value.case === 'dimParam' ? value.value : undefined;
  });
}
