import type { Rewrite } from './rewriting.ts';

/** Axes, sizes and limits that were attributes and became inputs. */

/** Since which opset each has its list as the second input. */
function axesAsInput(since: number): Rewrite {
  return (node) => {
    if (node.opset >= since || !node.node.attributes.has('axes')) return false;
    return node.become({ inputs: [node.input(0), node.listInput('axes')], attributes: node.without('axes') });
  };
}

const slice: Rewrite = (node) => {
  if (node.opset >= 10) return false;
  const inputs = [node.input(0), ...['starts', 'ends', 'axes'].map((name) => node.listInput(name))];
  return node.become({ inputs, attributes: new Map() });
};

/** Sizes are always written out, since opset 18 wants them or a count. */
const split: Rewrite = (node) => {
  const { builder } = node;
  const axis = node.axis(node.int('axis', 0));
  const total = node.dims(0)[axis]!;
  const { outputs } = node.node;
  const each = Math.ceil(total / outputs.length);
  const even = outputs.map((_, index) => Math.min(each, total - index * each));
  const sizes = node.has(1) ? node.values(1) : (node.ints('split') ?? even);
  if (node.constant(0) === undefined) {
    const inputs = [node.input(0), builder.ints(sizes)];
    return node.become({ inputs, attributes: node.without('split', 'num_outputs') });
  }
  // Shape arithmetic: slices are worked out beforehand.
  let start = 0;
  for (const [index, output] of outputs.entries()) {
    const end = start + (sizes[index] ?? 0);
    const inputs = [node.input(0), ...[start, end, axis].map((value) => builder.ints([value]))];
    if (output !== '')
      node.add({ ...node.node, opType: 'Slice', inputs, outputs: [output], attributes: new Map() });
    start = end;
  }
  return true;
};

const clip: Rewrite = (node) => {
  if (node.opset >= 11) return false;
  const limit = (name: string): string =>
    node.node.attributes.has(name) ? node.builder.scalar(node.float(name, 0)) : '';
  const inputs = [node.input(0), limit('min'), limit('max')];
  return node.become({ inputs, attributes: new Map() });
};

const pad: Rewrite = (node) => {
  if (node.opset >= 11) return false;
  const inputs = [node.input(0), node.listInput('pads'), node.builder.scalar(node.float('value', 0))];
  return node.become({ inputs, attributes: node.without('pads', 'value') });
};

/** Always with both results: the gradient needs the places even where the network asks for the values alone. */
const topK: Rewrite = (node) => {
  const [values = '', places = ''] = node.node.outputs;
  const count = node.opset < 10 ? node.builder.ints([node.int('k', 1)]) : node.input(1);
  return node.become({
    inputs: [node.input(0), count],
    attributes: node.without('k'),
    outputs: [values, places].map((name) => (name === '' ? node.builder.freshName('TopK') : name)),
  });
};

const reductionsSince18 = [
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceSumSquare',
  'ReduceLogSum',
  'ReduceLogSumExp',
];

export const listsAsInputs: Readonly<Record<string, Rewrite>> = {
  Squeeze: axesAsInput(13),
  Unsqueeze: axesAsInput(13),
  ReduceSum: axesAsInput(13),
  ...Object.fromEntries(reductionsSince18.map((name) => [name, axesAsInput(18)])),
  Slice: slice,
  Split: split,
  TopK: topK,
  Clip: clip,
  Pad: pad,
};
