import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { constantOf } from '../../shared/onnx/constants.ts';
import type { Constant, GraphNode } from '../../shared/onnx/graph.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from '../../shared/onnx/protobuf/onnx-pb.ts';
import { writeTensor } from '../../shared/onnx/protobuf/tensor-proto.ts';
import { writeModel } from '../../shared/onnx/write-model.ts';

export interface WrittenNetwork {
  readonly opset: number;
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  readonly output: string;
  /** The file leaves the size of the batch open. */
  readonly isOpen?: boolean;
  /** The node that makes this real tensor, and no other, stands in the branch of an If that is taken. */
  readonly branched?: string | undefined;
}

/** A network as a file of its opset, which leaves the shape of the output to the runtime. */
export function writeNetwork(network: WrittenNetwork): Uint8Array {
  const { opset, nodes, constants, input, output, isOpen, branched } = network;
  const model = fromBinary(
    ModelProtoSchema,
    writeModel({
      name: 'network',
      inputs: new Map([[input.name, { type: 'float32', dims: input.dims }]]),
      outputs: new Map([[output, { type: 'float32', dims: [] }]]),
      nodes,
      constants,
    }),
  );
  const graph = model.graph!;
  model.opsetImport[0]!.version = BigInt(opset);
  delete graph.output[0]!.type!.tensorType!.shape;
  const batch = graph.input[0]!.type!.tensorType!.shape!.dim[0];
  if (isOpen === true && batch !== undefined) batch.value = { case: 'dimParam', value: 'N' };
  if (branched !== undefined) {
    graph.initializer.push(writeTensor(condition, constantOf('bool', [], [1])));
    graph.node = graph.node.map((node) => (node.output.includes(branched) ? withinBranch(node) : node));
  }
  return toBinary(ModelProtoSchema, model);
}

const condition = 'is-taken';
const inside = 'inside';

/** The other branch has the opposite sign. */
function withinBranch(node: NodeProto): NodeProto {
  const taken = create(NodeProtoSchema, { ...node, output: [inside] });
  const other = [
    create(NodeProtoSchema, { ...node, output: ['opposite'] }),
    create(NodeProtoSchema, { opType: 'Neg', input: ['opposite'], output: [inside] }),
  ];
  return create(NodeProtoSchema, {
    opType: 'If',
    input: [condition],
    output: node.output,
    attribute: [branch('then_branch', [taken]), branch('else_branch', other)],
  });
}

function branch(name: string, nodes: NodeProto[]): AttributeProto {
  const output = [create(ValueInfoProtoSchema, { name: inside, type: { tensorType: { elemType: 1 } } })];
  return create(AttributeProtoSchema, {
    name,
    type: 5,
    g: create(GraphProtoSchema, { name, node: nodes, output }),
  });
}
