import { GradientScope } from './gradient-scope.ts';
import { type GraphBuilder, typed } from './graph-builder.ts';
import type { GraphNode } from './graph.ts';
import { nodeError } from './node-error.ts';
import { knownOperators } from './operators/known-operators.ts';

/**
 * The tensors of real numbers that change when one of `sources` does, sources included.
 * @param held a tensor that is held fast
 */
export function dependents(
  builder: GraphBuilder,
  sources: readonly string[],
  held?: string,
): ReadonlySet<string> {
  const found = new Set(sources);
  for (const node of builder.nodes) {
    if (knownOperators[node.opType]?.gradient === 'zero') continue;
    if (!node.inputs.some((input) => found.has(input))) continue;
    for (const output of node.outputs)
      if (output !== held && builder.types.get(output)?.type === 'float32') found.add(output);
  }
  return found;
}

/**
 * Reverse-mode differentiation (Griewank & Walther 2008, ch. 3): adds to the builder what computes, for each of `sources`, the
 * cotangent that belongs to it. A tensor that several nodes use collects the sum of what they say.
 * @returns source → name of its cotangent; a source that the output does not depend on is missing
 * @throws AppError `onnx.no-rule`, `onnx.unsupported`
 */
export function reversePass(
  builder: GraphBuilder,
  output: string,
  cotangent: string,
  sources: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = dependents(builder, sources);
  const cotangents = new Map<string, string>();
  if (wanted.has(output)) cotangents.set(output, cotangent);
  const contribute = (name: string, part: string): void => {
    const sum = cotangents.get(name);
    cotangents.set(name, sum === undefined ? part : builder.add(sum, part));
  };
  // The way back adds nodes of its own, which are not to be gone back through.
  const forward: readonly GraphNode[] = builder.nodes.slice();
  for (const node of forward.toReversed()) {
    const isOnTheWay =
      node.outputs.some((each) => cotangents.has(each)) && node.inputs.some((each) => wanted.has(each));
    if (!isOnTheWay) continue;
    const gradient = knownOperators[node.opType]?.gradient;
    if (gradient === 'zero') continue;
    if (gradient === undefined)
      throw nodeError('onnx.no-rule', node, 'there is no gradient rule for this operator');
    const scope = new GradientScope(node, builder, cotangents, wanted, contribute);
    typed(scope, () => gradient(scope));
  }
  return new Map(
    sources.flatMap((source) => {
      const found = cotangents.get(source);
      return found === undefined ? [] : [[source, found]];
    }),
  );
}
