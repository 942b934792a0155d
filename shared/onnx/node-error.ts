import { AppError, type ErrorCode } from '../kernel/errors.ts';
import type { GraphNode } from './graph.ts';

/** "Conv (/layer1/conv1, giving relu_3)": enough to find the node in any viewer. */
export function describeNode({ opType, domain, name, outputs }: GraphNode): string {
  const operator = domain === '' ? opType : `${domain}.${opType}`;
  return `${operator} (${name === '' ? '' : `${name}, `}giving ${outputs[0] ?? 'nothing'})`;
}

export function nodeError(code: ErrorCode, node: GraphNode, reason: string): AppError {
  const { opType, domain, name } = node;
  return new AppError(code, `${describeNode(node)}: ${reason}`, {
    details: { operator: opType, domain, node: name },
  });
}
