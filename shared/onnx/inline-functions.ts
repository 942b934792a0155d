import { AppError } from '../kernel/errors.ts';
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from './protobuf/onnx-pb.ts';

/**
 * A file may bring functions of its own (ONNX IR, "Functions"): exporters write a whole module as one node. The body of the
 * function takes the place of every such node, with the attributes that the node gives.
 */

/** Functions that use functions can write a network of any size in a few bytes. */
const mostNodes = 50_000;

type Rename = (name: string) => string;

const keyOf = (domain: string, name: string): string => `${domain}.${name}`;

/** @throws AppError `onnx.cyclic`, `onnx.unsupported` */
export function inlineFunctions(
  model: ModelProto,
  opset: number,
  nodes: readonly NodeProto[],
): readonly NodeProto[] {
  if (model.functions.length === 0) return nodes;
  const functions = new Map(model.functions.map((each) => [keyOf(each.domain, each.name), each]));
  let left = mostNodes;
  let calls = 0;

  function expand(each: readonly NodeProto[], within: readonly string[]): NodeProto[] {
    return each.flatMap((node) => {
      const key = keyOf(node.domain, node.opType);
      const found = functions.get(key);
      if (found === undefined) {
        left -= 1;
        if (left < 0) throw new AppError('onnx.unsupported', `the file has more than ${mostNodes} nodes`);
        return [withGraphs(node, (graph) => changed(graph, { node: expand(graph.node, within) }))];
      }
      if (within.includes(key)) throw new AppError('onnx.cyclic', `the function ${key} uses itself`);
      assertSameOpset(found, opset);
      calls += 1;
      return expand(bodyFor(node, found, calls), [...within, key]);
    });
  }
  return expand(nodes, []);
}

function assertSameOpset({ name, opsetImport }: FunctionProto, opset: number): void {
  const version = opsetImport.find(({ domain }) => domain === '')?.version;
  if (version !== undefined && Number(version) !== opset) {
    throw new AppError(
      'onnx.unsupported',
      `the function ${name} is of opset ${version}, the file of ${opset}`,
    );
  }
}

/** @param call what tells names inside from those of every other use */
function bodyFor(
  used: NodeProto,
  { input, output, node, attributeProto }: FunctionProto,
  call: number,
): NodeProto[] {
  const names = new Map<string, string>();
  for (const [index, name] of input.entries()) names.set(name, used.input[index] ?? '');
  for (const [index, name] of output.entries()) {
    const outside = used.output[index] ?? '';
    if (outside !== '') names.set(name, outside);
  }
  const rename: Rename = (name) => (name === '' ? '' : (names.get(name) ?? `${name}→${call}`));
  const given = new Map([...attributeProto, ...used.attribute].map((each) => [each.name, each]));
  return node.map((each) => instantiate(each, rename, given));
}

function instantiate(node: NodeProto, rename: Rename, given: ReadonlyMap<string, AttributeProto>): NodeProto {
  const attribute = node.attribute.flatMap((each) => {
    if (each.refAttrName === '') return [each];
    const found = given.get(each.refAttrName);
    return found === undefined ? [] : [changed(found, { name: each.name })];
  });
  const [input, output] = [node.input.map(rename), node.output.map(rename)];
  const own = changed(node, { attribute, input, output });
  return withGraphs(own, (graph) =>
    changed(graph, {
      node: graph.node.map((each) => instantiate(each, rename, given)),
      initializer: graph.initializer.map((each) => changed(each, { name: rename(each.name) })),
      output: graph.output.map((each) => changed(each, { name: rename(each.name) })),
    }),
  );
}

function withGraphs(node: NodeProto, change: (graph: GraphProto) => GraphProto): NodeProto {
  if (node.attribute.every(({ g }) => g === undefined)) return node;
  const attribute = node.attribute.map((each) =>
    each.g === undefined ? each : changed(each, { g: change(each.g) }),
  );
  return changed(node, { attribute });
}

/** A copy of a message with other values; what is not set in a message lies in its prototype. */
function changed<Message extends object>(message: Message, changes: Partial<Message>): Message {
  const copy = Object.create(Object.getPrototypeOf(message) as object) as Message;
  return Object.assign(copy, message, changes);
}
