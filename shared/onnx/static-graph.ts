import { AppError } from '../kernel/errors.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { GraphInput, GraphNode, OnnxGraph } from './graph.ts';
import { modernise } from './modernise/modernise.ts';
import { knownOperators } from './operators/known-operators.ts';
import { namesUsedBy, nodesNeededFor } from './order-nodes.ts';

export interface StaticGraph {
  readonly builder: GraphBuilder;
  readonly input: string;
  /** Of the file, as far as they are needed and in its own opset. */
  readonly fileNodes: readonly GraphNode[];
}

/**
 * The part of a network that `outputs` need, in opset 18 and with every shape known.
 * @param inputDims of the picture; where they are left out, the file's own, with a batch of one
 * @throws AppError `onnx.*`
 */
export function staticGraph(
  graph: OnnxGraph,
  outputs: readonly string[],
  inputDims?: readonly number[],
): StaticGraph {
  const needed = nodesNeededFor(graph.nodes, outputs);
  const used = new Set([...needed.flatMap(namesUsedBy), ...outputs]);
  const nodes = needed.map((node) => withoutUnused(node, used));
  const inputs = graph.inputs.filter(({ name }) => used.has(name));
  const [input, ...others] = inputs;
  if (input === undefined)
    throw new AppError('onnx.bad-request', `${outputs.join(', ')} depends on no input`);
  if (others.length > 0) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw new AppError('onnx.unsupported', `the network has ${inputs.length} inputs (${names}) and not one`);
  }
  const builder = new GraphBuilder(knownOperators, freePrefix(graph));
  builder.addInput(input.name, { type: 'float32', dims: resolveDims(input, inputDims) });
  for (const [name, constant] of graph.constants) if (used.has(name)) builder.addConstant(name, constant);
  for (const node of nodes) modernise(node, graph.opset, builder);
  return { builder, input: input.name, fileNodes: nodes };
}

/** Operators whose first output can be had without the others. */
const hasOptionalOutputs = /^(MaxPool|Dropout|BatchNormalization|LayerNormalization)$/;

/** Results that nobody asks for, such as the places of the maxima, need no rule. */
function withoutUnused(node: GraphNode, used: ReadonlySet<string>): GraphNode {
  if (!hasOptionalOutputs.test(node.opType)) return node;
  const outputs = node.outputs.map((name) => (used.has(name) ? name : ''));
  while (outputs.at(-1) === '') outputs.pop();
  return { ...node, outputs };
}

function resolveDims(
  { name, type, dims }: GraphInput,
  given: readonly number[] | undefined,
): readonly number[] {
  if (type !== 'float32')
    throw new AppError('onnx.unsupported', `input ${name} is ${type} and not a picture`);
  if (given !== undefined) {
    const fits =
      given.every((dim) => Number.isSafeInteger(dim) && dim > 0) &&
      (dims === undefined ||
        (dims.length === given.length &&
          dims.every((dim, axis) => axis === 0 || typeof dim !== 'number' || dim === given[axis])));
    if (!fits) {
      throw new AppError('onnx.bad-request', `input ${name} does not take ${given.join('×')}`);
    }
    return given;
  }
  const resolved = dims?.map((dim, axis) =>
    typeof dim === 'number' && dim > 0 ? dim : axis === 0 ? 1 : undefined,
  );
  if (resolved === undefined || resolved.includes(undefined)) {
    throw new AppError('onnx.bad-request', `the size of input ${name} is open and must be given`);
  }
  return resolved as number[];
}

/** A beginning that no name in the file has. */
function freePrefix(graph: OnnxGraph): string {
  const given = [...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)];
  const names = graph.nodes.flatMap((node) => node.outputs).concat(given);
  let prefix = '~';
  while (names.some((name) => name.startsWith(prefix))) prefix += '~';
  return prefix;
}
