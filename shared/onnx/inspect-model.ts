import type { GraphNode, OnnxGraph } from './graph.ts';
import { sizeOf } from './graph.ts';
import { isQuantised, isRewritten } from './modernise/modernise.ts';
import { knownOperators } from './operators/known-operators.ts';

/**
 * `rule`: has a gradient; `no-derivative`: its derivative is zero wherever there is one, and the way back ends there; `none`: lacks a
 * rule; `quantised`: rounded numbers, which can have none.
 */
export type Coverage = 'rule' | 'no-derivative' | 'none' | 'quantised';

export interface OperatorUse {
  /** With its domain where it is not of the standard. */
  readonly operator: string;
  readonly count: number;
  readonly coverage: Coverage;
}

/** The operators of a network, by name, with what is known of their gradients. */
export function operatorUses(graph: OnnxGraph): OperatorUse[] {
  const uses = new Map<string, OperatorUse>();
  for (const node of graph.nodes) {
    const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const count = (uses.get(operator)?.count ?? 0) + 1;
    uses.set(operator, { operator, count, coverage: coverageOf(node) });
  }
  return [...uses.values()].toSorted((a, b) => (a.operator < b.operator ? -1 : 1));
}

function coverageOf(node: GraphNode): Coverage {
  if (isQuantised(node)) return 'quantised';
  if (node.domain !== '') return 'none';
  const gradient = Object.hasOwn(knownOperators, node.opType)
    ? knownOperators[node.opType]?.gradient
    : undefined;
  if (gradient === 'zero') return 'no-derivative';
  return gradient !== undefined || isRewritten(node.opType) ? 'rule' : 'none';
}

/** Values of all weights of real numbers. */
export function parameterCount(graph: OnnxGraph): number {
  return [...graph.constants.values()].reduce(
    (sum, { type, dims }) => sum + (type === 'float32' ? sizeOf(dims) : 0),
    0,
  );
}
