import { type AttributeValue, sizeOf } from '../../../shared/onnx/graph.ts';
import { float, int, ints, string } from '../../../shared/onnx/attributes.ts';
import { reach } from '../../../shared/onnx/windows.ts';
import type { NetworkDraft } from '../network-draft.ts';
import type { Draw, Drawings } from './drawing.ts';

/** Convolutions and pooling. */

interface Window {
  readonly kernel: readonly number[];
  readonly settings: Record<string, AttributeValue>;
  /** Not where a last window would begin in the padding: about that onnxruntime's kernels and shapes disagree. */
  readonly mayCeil: boolean;
}

interface WindowChoices {
  readonly mayDilate: boolean;
  /** Pooling wants at least one cell of the picture in every window. */
  readonly isPool: boolean;
}

/** A window that finds a place in the picture. */
function windowOver(draft: NetworkDraft, sizes: readonly number[], choices: WindowChoices): Window {
  const { dice } = draft;
  const mode = dice.chance(0.25) ? dice.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID']) : undefined;
  const isSame = mode?.startsWith('SAME') === true;
  const axes = sizes.map((size) => {
    const kernel = dice.int(1, 3);
    // With automatic pads onnxruntime has no dilation, and no pooling that leaves cells out.
    const stride = dice.int(1, choices.isPool && isSame ? kernel : 3);
    const mayDilate = choices.mayDilate && !isSame && dice.chance(0.3);
    const dilation = mayDilate ? dice.int(1, 2) : 1;
    const most = choices.isPool ? kernel - 1 : 2;
    const [before, after] = mode === undefined ? [dice.int(0, most), dice.int(0, most)] : [0, 0];
    const room = isSame ? Infinity : size + before + after;
    const isInside = reach(kernel, dilation) <= room;
    const isSeen = !choices.isPool || dilation === 1 || reach(kernel, dilation) <= size;
    if (isInside && isSeen) return { kernel, stride, dilation, before, after };
    return { kernel: 1, stride, dilation: 1, before: 0, after: 0 };
  });
  const dilations = axes.map(({ dilation }) => dilation);
  const pads = [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)];
  const strides = axes.map(({ stride }) => stride);
  const mayCeil = axes.every(({ kernel, stride, dilation, before, after }, axis) => {
    const steps = Math.ceil((sizes[axis]! + before + after - reach(kernel, dilation)) / stride);
    return steps * stride < sizes[axis]! + before;
  });
  return {
    mayCeil,
    kernel: axes.map(({ kernel }) => kernel),
    settings: {
      ...((strides.some((each) => each > 1) || dice.chance(0.5)) && { strides: ints(strides) }),
      ...(dilations.some((each) => each > 1) && { dilations: ints(dilations) }),
      ...(mode !== undefined && { auto_pad: string(mode) }),
      ...(pads.some((each) => each > 0) && { pads: ints(pads) }),
    },
  };
}

function groupsOf(draft: NetworkDraft, channels: number): number {
  const divisors = [1, 2, 3, 4, 6].filter((each) => channels % each === 0);
  return draft.dice.chance(0.5) ? 1 : draft.dice.pick(divisors);
}

/** Weights that keep a sum of so many terms at moderate size. */
function kernelOf(draft: NetworkDraft, dims: readonly number[], terms: number): string {
  const most = 1.5 / Math.sqrt(terms);
  return draft.reals(dims, -most, most);
}

function bias(draft: NetworkDraft, count: number): string[] {
  return draft.dice.chance(0.5) ? [] : [draft.reals([count])];
}

const conv: Draw = (draft, x) => {
  const [, channels, ...sizes] = draft.dims(x) as [number, number, ...number[]];
  if (draft.rank(x) < 3) return undefined;
  const group = groupsOf(draft, channels);
  const outputs = group * draft.dice.int(1, group > 2 ? 1 : 3);
  const { kernel, settings } = windowOver(draft, sizes, { mayDilate: true, isPool: false });
  const weights = kernelOf(
    draft,
    [outputs, channels / group, ...kernel],
    sizeOf(kernel) * (channels / group),
  );
  return draft.op('Conv', [x, weights, ...bias(draft, outputs)], {
    ...settings,
    ...(group > 1 && { group: int(group) }),
    ...(draft.dice.chance(0.5) && { kernel_shape: ints(kernel) }),
  });
};

/** One axis of a transposed convolution; what comes out is at least one cell. */
function transposedAxis({ dice }: NetworkDraft, size: number) {
  const [kernel, stride] = [dice.int(1, 3), dice.int(1, 3)];
  const dilation = dice.chance(0.3) ? dice.int(1, 2) : 1;
  const extra = dice.chance(0.4) ? dice.int(0, stride - 1) : 0;
  const whole = stride * (size - 1) + reach(kernel, dilation) + extra;
  const before = dice.int(0, Math.min(2, whole - 1));
  const after = dice.int(0, Math.min(2, whole - 1 - before));
  return { kernel, stride, dilation, extra, before, after, whole };
}

const convTranspose: Draw = (draft, x) => {
  const { dice } = draft;
  const [batch, channels, ...sizes] = draft.dims(x) as [number, number, ...number[]];
  if (draft.rank(x) < 3) return undefined;
  const axes = sizes.map((size) => transposedAxis(draft, size));
  if (!draft.fits([batch, channels, ...axes.map(({ whole }) => whole)])) return undefined;
  const group = groupsOf(draft, channels);
  const outputsOfGroup = dice.int(1, 2);
  const kernel = axes.map((each) => each.kernel);
  const weights = kernelOf(draft, [channels, outputsOfGroup, ...kernel], sizeOf(kernel));
  const shape = axes.map(({ whole, before, after }) => whole - before - after);
  // onnxruntime loses track of a result that is smaller than what it is made of.
  const forms = ['pads', 'pads', 'VALID', 'SAME_UPPER', 'SAME_LOWER'];
  const form = dice.pick(
    shape.every((each, axis) => each >= sizes[axis]!) ? [...forms, 'output_shape'] : forms,
  );
  const isSame = form.startsWith('SAME');
  return draft.op('ConvTranspose', [x, weights, ...bias(draft, outputsOfGroup * group)], {
    strides: ints(axes.map(({ stride }) => stride)),
    dilations: ints(axes.map(({ dilation }) => dilation)),
    ...(group > 1 && { group: int(group) }),
    ...(!isSame &&
      axes.some(({ extra }) => extra > 0) && { output_padding: ints(axes.map(({ extra }) => extra)) }),
    ...(form === 'pads' && {
      pads: ints([...axes.map(({ before }) => before), ...axes.map(({ after }) => after)]),
    }),
    ...(form === 'output_shape' && {
      output_shape: ints(shape),
    }),
    ...((form === 'VALID' || isSame) && { auto_pad: string(form) }),
  });
};

const maxPool: Draw = (draft, x) => {
  if (draft.rank(x) < 3) return undefined;
  // Rectified first, a picture has plateaus; enlarged by copies, it has cells that are equal and move as one.
  const source = draft.dice.chance(0.2) ? draft.op('Relu', [x]) : x;
  const isNew = draft.opset >= 10;
  const sizes = draft.dims(x).slice(2);
  const { kernel, settings, mayCeil } = windowOver(draft, sizes, { mayDilate: isNew, isPool: true });
  return draft.op('MaxPool', [source], {
    kernel_shape: ints(kernel),
    ...settings,
    ...(isNew && mayCeil && draft.dice.chance(0.4) && { ceil_mode: int(1) }),
  });
};

const averagePool: Draw = (draft, x) => {
  if (draft.rank(x) < 3) return undefined;
  const { dice } = draft;
  const mayDilate = draft.opset >= 19;
  const sizes = draft.dims(x).slice(2);
  const { kernel, settings, mayCeil } = windowOver(draft, sizes, { mayDilate, isPool: true });
  return draft.op('AveragePool', [x], {
    kernel_shape: ints(kernel),
    ...(mayDilate && dice.chance(0.4) && { dilations: ints(kernel.map(() => 1)) }),
    ...settings,
    ...(draft.opset >= 10 && mayCeil && dice.chance(0.4) && { ceil_mode: int(1) }),
    ...(dice.chance(0.4) && { count_include_pad: int(1) }),
  });
};

const lpPool: Draw = (draft, x) => {
  if (draft.rank(x) < 3) return undefined;
  const mayDilate = draft.opset >= 18;
  const sizes = draft.dims(x).slice(2);
  const { kernel, settings, mayCeil } = windowOver(draft, sizes, { mayDilate, isPool: true });
  return draft.op('LpPool', [x], {
    kernel_shape: ints(kernel),
    ...settings,
    ...(draft.opset >= 18 && mayCeil && draft.dice.chance(0.3) && { ceil_mode: int(1) }),
    ...(draft.dice.chance(0.6) && { p: int(draft.dice.int(1, 3)) }),
  });
};

/** onnxruntime has none of opset 22. */
const globalLpPool: Draw = (draft, x) =>
  draft.rank(x) < 3 || draft.opset > 21
    ? undefined
    : draft.op('GlobalLpPool', [x], { p: int(draft.dice.int(1, 3)) });

const localResponse: Draw = (draft, x) => {
  const { dice } = draft;
  if (draft.rank(x) !== 4) return undefined;
  return draft.op('LRN', [x], {
    size: int(dice.pick([1, 3, 5])),
    ...(dice.chance(0.8) && { alpha: float(dice.real(0.3, 2)) }),
    ...(dice.chance(0.5) && { beta: float(dice.real(0.4, 1.2)) }),
    ...(dice.chance(0.5) && { bias: float(dice.real(0.5, 2)) }),
  });
};

const ofPictures =
  (opType: string): Draw =>
  (draft, x) =>
    draft.rank(x) < 3 ? undefined : draft.op(opType, [x]);

export const windows: Drawings = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalLpPool: globalLpPool,
  LRN: localResponse,
  GlobalAveragePool: ofPictures('GlobalAveragePool'),
  GlobalMaxPool: ofPictures('GlobalMaxPool'),
};
