import { attributes, int } from '../attributes.ts';
import { convolutionAdjoint } from '../convolution-adjoint.ts';
import type { GradientScope } from '../gradient-scope.ts';
import { sizeOf } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { oneCell, reach, spatial, type Windows, windowsOf } from '../windows.ts';

/**
 * MaxPool: dy goes to the cell that was the maximum; where several are equal, to the first in row-major order, as all
 * runtimes and PyTorch take them. The Indices output of MaxPool would say which, but fails on WebGPU. So the window's cells are
 * laid side by side by strided slices, the first equal to the maximum is marked, and the marks are put back by the adjoint of
 * a convolution with one-hot kernels.
 */

/** The cells of one window are laid side by side; more than any network has would fill the memory. */
const mostCells = 1024;

/** Below every activation; an infinity would turn into NaN where it is multiplied by 0. */
const veryLow = -3e38;

function maxWindows(node: NodeScope): Windows {
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) throw node.damaged('it has no window');
  return windowsOf(node, kernel, node.int('ceil_mode', 0) === 1);
}

/** Offsets in the window, row-major: [0,0], [0,1], … */
function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (offsets, size) =>
      offsets.flatMap((offset) => Array.from({ length: size }, (_, next) => [...offset, next])),
    [[]],
  );
}

/** [planes, cells of the window, …outputs]: what each window sees. */
function laidOut(scope: GradientScope, windows: Windows, planes: number): string {
  const { builder } = scope;
  const { kernel, strides, dilations, padsBefore, outputs } = windows;
  const sizes = spatial(scope.dims(0));
  const needed = outputs.map(
    (count, axis) => (count - 1) * strides[axis]! + reach(kernel[axis]!, dilations[axis]!),
  );
  const after = sizes.map((size, axis) => Math.max(0, needed[axis]! - size - padsBefore[axis]!));
  const picture = builder.reshape(scope.input(0), [planes, 1, ...sizes]);
  const padded = builder.pad(picture, [0, 0, ...padsBefore], [0, 0, ...after], veryLow);
  const axes = sizes.map((_, axis) => axis + 2);
  const cells = offsetsOf(kernel).map((offset) => {
    const starts = offset.map((step, axis) => step * dilations[axis]!);
    const ends = starts.map((start, axis) => start + (outputs[axis]! - 1) * strides[axis]! + 1);
    return builder.slice(padded, starts, ends, axes, strides);
  });
  return builder.op('Concat', cells, attributes({ axis: int(1) }));
}

/** 1 … for the earliest cell the highest, so that the largest rank among equals is the first. */
function firstOf(scope: GradientScope, isMaximum: string, cells: number): string {
  const { builder } = scope;
  const axes = builder.dims(isMaximum).map((_, axis) => (axis === 1 ? cells : 1));
  const ranks = builder.constant(
    'float32',
    axes,
    Array.from({ length: cells }, (_, index) => cells - index),
  );
  const ranked = builder.keepWhere(isMaximum, ranks);
  const first = builder.op('ReduceMax', [ranked, builder.ints([1])], attributes({ keepdims: int(1) }));
  return builder.op('Equal', [ranked, first]);
}

function maxPoolGradient(scope: GradientScope): string {
  const { builder } = scope;
  const windows = maxWindows(scope);
  const [batch, channels, ...sizes] = scope.dims(0) as [number, number, ...number[]];
  const planes = batch * channels;
  const cells = sizeOf(windows.kernel);
  if (cells > mostCells) throw scope.noRule(`a window of ${cells} cells`);
  const seen = laidOut(scope, windows, planes);
  const one = [planes, 1, ...windows.outputs];
  const isMaximum = builder.op('Equal', [seen, builder.reshape(scope.output(), one)]);
  const isFirst = firstOf(scope, isMaximum, cells);
  const marked = builder.keepWhere(isFirst, builder.reshape(scope.cotangent, one));
  const oneHot = Array.from({ length: cells * cells }, (_, index) => (index % (cells + 1) === 0 ? 1 : 0));
  const kernel = builder.constant('float32', [cells, 1, ...windows.kernel], oneHot);
  const spread = convolutionAdjoint(builder, marked, kernel, windows, 1, sizes);
  return builder.reshape(spread, scope.dims(0));
}

export const maxPool: Operators = {
  MaxPool: {
    infer: (node) => ({
      type: node.type(0),
      dims: [...node.dims(0).slice(0, 2), ...maxWindows(node).outputs],
    }),
    gradient: (scope) => scope.give(0, () => maxPoolGradient(scope)),
  },
  GlobalMaxPool: {
    infer: oneCell,
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const [batch, channels, ...sizes] = scope.dims(0) as [number, number, ...number[]];
        const [planes, cells] = [batch * channels, sizeOf(sizes)];
        const seen = builder.reshape(scope.input(0), [planes, cells]);
        const isMaximum = builder.op('Equal', [seen, builder.reshape(scope.output(), [planes, 1])]);
        const isFirst = firstOf(scope, isMaximum, cells);
        const marked = builder.keepWhere(isFirst, builder.reshape(scope.cotangent, [planes, 1]));
        return builder.reshape(marked, scope.dims(0));
      });
    },
  },
};
