import { AppError } from '../kernel/errors.ts';
import { type Constant, type GraphNode, sizeOf, type TensorType } from './graph.ts';
import { assertExists, nodesNeededFor } from './order-nodes.ts';
import { readModel } from './read-model.ts';
import { dependents, reversePass } from './reverse-pass.ts';
import { type StaticGraph, staticGraph } from './static-graph.ts';
import { targetLayer } from './target-layer.ts';
import { attributes } from './attributes.ts';
import { writeModel } from './write-model.ts';

/** Raised whenever the compiler would give other bytes for the same request: compiled models are kept under it. */
export const compilerVersion = 1;

export interface GradientRequest {
  /** The tensor that is differentiated: the logits, of any shape. */
  readonly output: string;
  /** The activation that Grad-CAM looks at; if none is named, the last spatial one on the way to the output. */
  readonly layer?: string;
  /** False leaves activation and activation gradient out. */
  readonly wantLayer?: boolean;
  readonly wantInput: boolean;
  /** N×C×rows×columns; if left out, what the file says, with a batch of one where that is open. */
  readonly inputDims?: readonly number[];
}

export interface CompiledLayer {
  readonly name: string;
  readonly dims: readonly number[];
  /** Whether all that the output knows of the input has gone through this layer: nothing leads around it. */
  readonly carriesAll: boolean;
}

/** A model with inputs `input` and `cotangent`; all float32, and every shape fixed. */
export interface CompiledGradient {
  readonly bytes: Uint8Array;
  readonly inputDims: readonly number[];
  /** Of the logits and the cotangent. */
  readonly outputDims: readonly number[];
  /** The activation's name in the original model, and its shape. */
  readonly layer: CompiledLayer | undefined;
  readonly hasInputGradient: boolean;
  /** Of all results on the way, as if none gave its memory back before the end. */
  readonly workingBytes: number;
}

/** Outputs of a compiled model, as far as they were asked for. */
export const gradientOutputs = {
  logits: 'logits',
  activation: 'activation',
  activationGradient: 'activation_gradient',
  inputGradient: 'input_gradient',
} as const;
export const gradientInputs = { input: 'input', cotangent: 'cotangent' } as const;

/**
 * Compiles an ordinary forward model into one that computes the same logits and their derivatives: for a cotangent c, the
 * gradients of Σ c·logits. A one-hot cotangent gives the gradient of one class, a mask that of a segmented region.
 * Pure: the same bytes and request give the same bytes.
 * @throws AppError `onnx.*`
 */
export function compileGradient(model: Uint8Array, request: GradientRequest): CompiledGradient {
  const graph = readModel(model);
  const named = new Set([
    ...graph.nodes.flatMap((node) => node.outputs),
    ...graph.inputs.map(({ name }) => name),
  ]);
  const { output, wantLayer = true, wantInput } = request;
  assertExists(output, named, 'tensor');
  if (request.layer !== undefined) assertExists(request.layer, named, 'tensor');
  if (!wantLayer && !wantInput) throw new AppError('onnx.bad-request', 'no gradient is asked for');
  const needed = [output, ...(wantLayer && request.layer !== undefined ? [request.layer] : [])];
  const network = staticGraph(graph, needed, request.inputDims);
  const { builder, input } = network;
  const outputType = builder.types.get(output);
  if (outputType?.type !== 'float32')
    throw new AppError('onnx.bad-request', `${output} is not of real numbers`);
  const layer = wantLayer ? (request.layer ?? targetLayer(network, output)) : undefined;
  const carriesAll = layer !== undefined && !dependents(builder, [input], layer).has(output);
  const cotangent = builder.newInput('cotangent', outputType);
  const sources = [...(layer === undefined ? [] : [layer]), ...(wantInput ? [input] : [])];
  const cotangents = reversePass(builder, output, cotangent, sources);

  const results = new Map<string, string>([[gradientOutputs.logits, output]]);
  if (layer !== undefined) {
    results.set(gradientOutputs.activation, layer);
    results.set(gradientOutputs.activationGradient, found(cotangents, layer, output));
  }
  if (wantInput) results.set(gradientOutputs.inputGradient, found(cotangents, input, output));
  const nodes = nodesNeededFor(builder.nodes, results.values());
  return {
    bytes: write(network, nodes, cotangent, results),
    inputDims: builder.dims(input),
    outputDims: outputType.dims,
    layer: layer === undefined ? undefined : { name: layer, dims: builder.dims(layer), carriesAll },
    hasInputGradient: wantInput,
    workingBytes: 4 * nodes.reduce((sum, { outputs }) => sum + sizeOf(builder.dims(outputs[0]!)), 0),
  };
}

function found(cotangents: ReadonlyMap<string, string>, source: string, output: string): string {
  const name = cotangents.get(source);
  if (name === undefined) throw new AppError('onnx.bad-request', `${output} does not depend on ${source}`);
  return name;
}

/** Inside, every name is marked, so that none can be mistaken for an input or output of the compiled model. */
const inside = (name: string): string => (name === '' ? '' : `:${name}`);

function write(
  { builder, input }: StaticGraph,
  needed: readonly GraphNode[],
  cotangent: string,
  results: ReadonlyMap<string, string>,
): Uint8Array {
  const inputs = new Map<string, string>([
    [input, gradientInputs.input],
    [cotangent, gradientInputs.cotangent],
  ]);
  const outside = new Map(inputs);
  const made = new Set(needed.flatMap((node) => node.outputs));
  const copies: [as: string, name: string][] = [];
  // A copy for every result would be simpler, but onnxruntime loses a tensor that has both a copy and a Pad behind it.
  for (const [as, name] of results) {
    if (made.has(name) && !outside.has(name)) outside.set(name, as);
    else copies.push([as, name]);
  }
  const rename = (name: string): string => outside.get(name) ?? inside(name);
  const nodes = needed.map((node): GraphNode => ({
    ...node,
    name: '',
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const constants = new Map<string, Constant>();
  const addConstant = (name: string): void => {
    const constant = builder.constants.get(name);
    if (constant !== undefined) constants.set(rename(name), constant);
  };
  for (const node of needed) node.inputs.forEach(addConstant);
  for (const name of results.values()) addConstant(name);
  const typeOf = (name: string): TensorType => builder.types.get(name)!;
  return writeModel({
    name: 'gradient',
    inputs: new Map([...inputs].map(([name, as]) => [as, typeOf(name)])),
    outputs: new Map([...results].map(([as, name]) => [as, typeOf(name)])),
    nodes: [
      ...nodes,
      ...copies.map(([as, name]): GraphNode => ({
        name: '',
        opType: 'Identity',
        domain: '',
        inputs: [rename(name)],
        outputs: [as],
        attributes: attributes(),
      })),
    ],
    constants,
  });
}
