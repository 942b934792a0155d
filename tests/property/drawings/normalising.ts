import { float, int, ints } from '../../../shared/onnx/attributes.ts';
import { type AttributeValue, sizeOf } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, since } from './drawing.ts';

/** Normalisations and softmax. */

function epsilon({ dice }: NetworkDraft): Record<string, AttributeValue> {
  return dice.chance(0.5) ? {} : { epsilon: float(dice.pick([1e-3, 0.1])) };
}

const batchNormalization: Draw = (draft, x) => {
  if (draft.rank(x) < 2) return undefined;
  const channels = [draft.dims(x)[1]!];
  const inputs = [
    x,
    draft.reals(channels, 0.5, 1.5),
    draft.reals(channels),
    draft.reals(channels),
    draft.reals(channels, 0.25, 2),
  ];
  return draft.op('BatchNormalization', inputs, epsilon(draft));
};

const layerNormalization: Draw = (draft, x) => {
  const dims = draft.dims(x);
  const axes = dims.map((_, axis) => axis).filter((axis) => sizeOf(dims.slice(axis)) > 2);
  if (axes.length === 0) return undefined;
  const axis = draft.dice.pick(axes);
  const shape = dims.slice(axis);
  const shift = draft.dice.chance(0.5) ? [] : [draft.reals(shape)];
  const isLast = axis === dims.length - 1 && draft.dice.chance(0.5);
  return draft.op('LayerNormalization', [x, draft.reals(shape, 0.5, 1.5), ...shift], {
    ...(!isLast && { axis: int(draft.axis(axis, dims.length)) }),
    ...epsilon(draft),
  });
};

const instanceNormalization: Draw = (draft, x) => {
  const [, channels, ...sizes] = draft.dims(x);
  if (draft.rank(x) < 3 || sizeOf(sizes) < 3) return undefined;
  const inputs = [x, draft.reals([channels!], 0.5, 1.5), draft.reals([channels!])];
  return draft.op('InstanceNormalization', inputs, epsilon(draft));
};

const groupNormalization: Draw = (draft, x) => {
  const [, channels, ...sizes] = draft.dims(x) as [number, number, ...number[]];
  if (draft.rank(x) < 3) return undefined;
  const groups = draft.dice.pick([1, 2, 3, 4].filter((each) => channels % each === 0));
  if ((channels / groups) * sizeOf(sizes) < 3) return undefined;
  const vector = [draft.opset < 21 ? groups : channels];
  return draft.op('GroupNormalization', [x, draft.reals(vector, 0.5, 1.5), draft.reals(vector)], {
    num_groups: int(groups),
    ...epsilon(draft),
  });
};

const lpNormalization: Draw = (draft, x) => {
  if (draft.rank(x) === 0) return undefined;
  const axis = draft.anyAxis(x);
  if (draft.dims(x).at(axis)! < 2) return undefined;
  const order = draft.dice.int(1, 2);
  return draft.op('LpNormalization', [x], {
    axis: int(axis),
    ...(order === 1 && { p: int(1) }),
  });
};

/** Before opset 13 everything from the axis on is one row, and the axis is 1 unless it is said. */
function softmax(opType: string): Draw {
  return (draft, x) => {
    const rank = draft.rank(x);
    if (rank === 0 || (draft.opset < 13 && rank < 2)) return undefined;
    return draft.op(opType, [x], draft.dice.chance(0.3) ? {} : { axis: int(draft.anyAxis(x)) });
  };
}

/** One for the largest of each row, and 0 for the others. */
const hardmax: Draw = (draft, x) => {
  const largest = softmax('Hardmax')(draft, x);
  return largest === undefined ? undefined : draft.op('Mul', [x, largest]);
};

const meanVarianceNormalization: Draw = (draft, x) => {
  const dims = draft.dims(x);
  if (dims.length === 4 && draft.dice.chance(0.5)) return draft.op('MeanVarianceNormalization', [x]);
  if (dims.length === 0) return undefined;
  const axes = draft.dice.some(dims.map((_, axis) => axis));
  if (sizeOf(axes.map((axis) => dims[axis]!)) < 3) return undefined;
  return draft.op('MeanVarianceNormalization', [x], { axes: ints(axes) });
};

export const normalising: Drawings = {
  BatchNormalization: batchNormalization,
  LayerNormalization: since(17, layerNormalization),
  InstanceNormalization: instanceNormalization,
  GroupNormalization: since(18, groupNormalization),
  LpNormalization: lpNormalization,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  Hardmax: hardmax,
  MeanVarianceNormalization: meanVarianceNormalization,
};
