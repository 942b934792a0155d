import { int } from '../../shared/onnx/attributes.ts';
import type { GraphNode } from '../../shared/onnx/graph.ts';
import { knownOperators } from '../../shared/onnx/operators/known-operators.ts';
import { nodesNeededFor } from '../../shared/onnx/order-nodes.ts';
import { Dice } from './dice.ts';
import { families } from './drawings/all-drawings.ts';
import type { Draw, Drawings } from './drawings/drawing.ts';
import { NetworkDraft } from './network-draft.ts';
import { occurrencesIn } from './occurrences.ts';
import type { WrittenNetwork } from './write-network.ts';

/** A network out of random operators. */
export interface RandomNetwork extends WrittenNetwork {
  /** Activations between input and output that follow the input. */
  readonly layers: readonly string[];
  /** Operators that the output is made of, old forms apart. */
  readonly occurrences: ReadonlySet<string>;
  /** For people. */
  readonly operations: readonly string[];
}

/** Opset 18 is what everything is lifted to; every other one is rewritten in some way. */
function anyOpset(dice: Dice): number {
  return dice.chance(0.3) ? 18 : dice.int(9, 22);
}

function anyInputDims(dice: Dice): number[] {
  const rank = dice.pick([2, 3, 4, 4, 4, 4, 4, 5]);
  const [least, most] = [
    [1, 12],
    [3, 9],
    [2, 6],
    [2, 4],
  ][rank - 2] as [number, number];
  const channels = rank === 2 ? [] : [dice.pick([1, 2, 3, 4, 4, 6])];
  const spatial = Array.from({ length: rank - 1 - channels.length }, () => dice.int(least, most));
  return [dice.pick([1, 1, 2]), ...channels, ...spatial];
}

function anyDraw(dice: Dice): Draw {
  const total = families.reduce((sum, [, weight]) => sum + weight, 0);
  let place = dice.next() * total;
  const [drawings] = families.find(([, weight]) => (place -= weight) < 0) ?? families[0]!;
  return dice.pick(Object.values<Draw>(drawings satisfies Drawings));
}

/** A network of `count` random operators and what they need around them; the same seed with fewer gives its beginning. */
export function randomNetwork(seed: number, count: number): RandomNetwork {
  const dice = new Dice(seed);
  const draft = new NetworkDraft(dice, anyOpset(dice), anyInputDims(dice));
  for (let drawn = 0; drawn < count;) {
    if (anyDraw(dice)(draft, draft.source()) !== undefined) drawn += 1;
  }
  return finished(draft);
}

/** A network of one operator: opset and input are drawn until it fits. */
export function networkOf(draw: Draw, seed: number): RandomNetwork {
  const dice = new Dice(seed);
  for (;;) {
    const draft = new NetworkDraft(dice, anyOpset(dice), anyInputDims(dice));
    if (draw(draft, draft.input) !== undefined) return finished(draft);
  }
}

function finished(draft: NetworkDraft): RandomNetwork {
  const output = joinedEnds(draft);
  const nodes = nodesNeededFor(draft.nodes, [output]);
  const layers = layersOf(draft, nodes, output);
  const single = layers.filter((name) => nodes.some((node) => node.outputs.join() === name));
  const branched = draft.dice.chance(0.1) && single.length > 0 ? draft.dice.pick(single) : undefined;
  const occurrences = occurrencesIn(nodes, draft.opset);
  return {
    opset: draft.opset,
    nodes,
    constants: draft.constants,
    input: { name: draft.input, dims: draft.dims(draft.input) },
    output,
    isOpen: draft.dice.chance(0.2),
    branched,
    layers,
    occurrences: branched === undefined ? occurrences : new Set([...occurrences, 'If']),
    operations: [...draft.operations(), ...(branched === undefined ? [] : [`${branched} within an If`])],
  };
}

/** Where steps have no slope, nothing of what is before them reaches the output. */
function layersOf(draft: NetworkDraft, nodes: readonly GraphNode[], output: string): string[] {
  const smooth = nodes.filter(({ opType }) => knownOperators[opType]?.gradient !== 'zero');
  const used = new Set([output, ...nodesNeededFor(smooth, [output]).flatMap(({ inputs }) => inputs)]);
  return draft.moving.filter((name) => name !== draft.input && used.has(name));
}

/** One output to which everything leads that nothing else uses. */
function joinedEnds(draft: NetworkDraft): string {
  const ends = draft.ends;
  if (ends.length === 1) return ends[0]!;
  const flat = ends.map((name) => draft.op('Reshape', [name, draft.ints([1, -1])]));
  return draft.op('Concat', flat, { axis: int(1) });
}
