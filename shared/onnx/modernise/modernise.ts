import type { GraphBuilder } from '../graph-builder.ts';
import type { GraphNode } from '../graph.ts';
import { nodeError } from '../node-error.ts';
import { equations } from './equations.ts';
import { kernels } from './kernels.ts';
import { listsAsInputs } from './lists-as-inputs.ts';
import { branches } from './branches.ts';
import { madeOfOthers } from './made-of-others.ts';
import { pooling } from './pooling.ts';
import { renamed } from './renamed.ts';
import { type Rewrite, Rewriting } from './rewriting.ts';
import { sequences } from './sequences.ts';

/** What is rewritten on reading; every other operator means the same in opsets 9 to 22. */
const rewrites: Readonly<Record<string, Rewrite>> = {
  ...branches,
  ...listsAsInputs,
  ...equations,
  ...kernels,
  ...madeOfOthers,
  ...pooling,
  ...renamed,
  ...sequences,
};

/** Integer arithmetic on scaled values: rounding has no derivative. */
const quantised =
  /^(QLinear|QuantizeLinear|DequantizeLinear|DynamicQuantizeLinear|ConvInteger|MatMulInteger)/;

export const isQuantised = ({ opType }: GraphNode): boolean => quantised.test(opType);

export const rewrittenOperators: readonly string[] = Object.keys(rewrites);

export const isRewritten = (opType: string): boolean => Object.hasOwn(rewrites, opType);

/**
 * Adds a node of opset `opset` to the builder, which speaks opset 18.
 * @throws AppError `onnx.quantised`, `onnx.no-rule`, `onnx.unsupported`, `onnx.damaged`
 */
export function modernise(node: GraphNode, opset: number, builder: GraphBuilder): void {
  if (isQuantised(node)) throw nodeError('onnx.quantised', node, 'rounded numbers have no gradient');
  const add = (another: GraphNode): void => modernise(another, opset, builder);
  const rewrite = node.domain === '' && isRewritten(node.opType) ? rewrites[node.opType] : undefined;
  if (rewrite === undefined || !rewrite(new Rewriting(node, builder, opset, add))) builder.addNode(node);
}
