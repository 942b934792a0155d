import { AppError } from '../kernel/errors.ts';
import type { GraphNode, Subgraph } from './graph.ts';
import { nodeError } from './node-error.ts';

/**
 * The nodes in an order in which every input exists before it is used (Kahn 1962); nodes that could run at once keep the
 * order of the file.
 * @param given names that exist before the first node
 * @throws AppError `onnx.damaged` when an input comes from nowhere or a name is given twice, `onnx.cyclic`
 */
export function orderNodes(nodes: readonly GraphNode[], given: readonly string[]): GraphNode[] {
  const producers = new Map<string, number>();
  const known = new Set(given);
  for (const [index, node] of nodes.entries()) {
    for (const output of node.outputs.filter((name) => name !== '')) {
      if (producers.has(output) || known.has(output)) {
        throw nodeError('onnx.damaged', node, `${output} is computed twice`);
      }
      producers.set(output, index);
    }
  }
  const waitsFor = nodes.map((node) => new Set(producersOf(node, producers, known)));
  const consumers = nodes.map((): number[] => []);
  for (const [index, before] of waitsFor.entries()) for (const each of before) consumers[each]!.push(index);

  const ordered: GraphNode[] = [];
  const missing = waitsFor.map((before) => before.size);
  const ready = missing.flatMap((count, index) => (count === 0 ? [index] : []));
  // Files are nearly always in order already, so that the queue is walked, not searched.
  for (let next = 0; next < ready.length; next += 1) {
    const index = ready[next]!;
    ordered.push(nodes[index]!);
    for (const consumer of consumers[index]!) {
      missing[consumer]! -= 1;
      if (missing[consumer] === 0) ready.push(consumer);
    }
  }
  if (ordered.length < nodes.length) {
    const stuck = nodes[missing.findIndex((count) => count > 0)]!;
    throw nodeError('onnx.cyclic', stuck, 'it needs its own result');
  }
  return ordered;
}

/** Names that a node needs: its inputs, and what a branch inside it takes from around it. */
export function namesUsedBy({ inputs, attributes }: GraphNode): readonly string[] {
  const inside = [...attributes.values()].flatMap((attribute) =>
    attribute.kind === 'graph' ? namesFromAround(attribute.value) : [],
  );
  return inside.length === 0 ? inputs : [...inputs, ...inside];
}

/** What a subgraph uses and does not compute. */
export function namesFromAround({
  nodes,
  constants,
  outputs,
}: Pick<Subgraph, 'nodes' | 'constants' | 'outputs'>): string[] {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  return [...nodes.flatMap(namesUsedBy), ...outputs].filter(
    (name) => name !== '' && !made.has(name) && !constants.has(name),
  );
}

function producersOf(
  node: GraphNode,
  producers: ReadonlyMap<string, number>,
  given: ReadonlySet<string>,
): number[] {
  return namesUsedBy(node).flatMap((name) => {
    if (name === '' || given.has(name)) return [];
    const producer = producers.get(name);
    if (producer === undefined) throw nodeError('onnx.damaged', node, `its input ${name} comes from nowhere`);
    return [producer];
  });
}

/** The nodes that `outputs` need, in the same order. */
export function nodesNeededFor(nodes: readonly GraphNode[], outputs: Iterable<string>): GraphNode[] {
  const needed = new Set(outputs);
  const kept = nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((output) => needed.has(output));
    if (isNeeded) for (const name of namesUsedBy(node)) needed.add(name);
    return isNeeded;
  });
  return kept.toReversed();
}

/** @throws AppError `onnx.bad-request` */
export function assertExists(name: string, names: { has(name: string): boolean }, what: string): void {
  if (!names.has(name)) throw new AppError('onnx.bad-request', `the network has no ${what} ${name}`);
}
