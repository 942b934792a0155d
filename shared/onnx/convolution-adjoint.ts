import { attributes, ints as intsAttribute } from './attributes.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { isMiscomputed } from './sound-convolution.ts';
import { reach, windowAttributes, type Windows } from './windows.ts';

/**
 * The adjoint of a convolution: from the cotangent of its result to that of its input (Dumoulin & Visin 2016, §4).
 * Where the window moves by one cell it is again a convolution, with the kernel turned around and in- and outputs swapped;
 * all runtimes are much faster at that than at ConvTranspose, which is taken for larger strides.
 * @param kernel [outputs, inputs / group, …window]
 * @param sizes of the convolution's input, spatial axes only
 */
export function convolutionAdjoint(
  builder: GraphBuilder,
  cotangent: string,
  kernel: string,
  windows: Windows,
  group: number,
  sizes: readonly number[],
): string {
  const { strides, dilations, padsBefore, padsAfter, kernel: window } = windows;
  const outer = window.map((size, axis) => reach(size, dilations[axis]!) - 1);
  const before = outer.map((size, axis) => size - padsBefore[axis]!);
  const after = outer.map((size, axis) => size - padsAfter[axis]!);
  if (strides.every((stride) => stride === 1) && [...before, ...after].every((count) => count >= 0)) {
    const [outputs, inputsOfGroup] = builder.dims(kernel) as [number, number];
    const turnedDims = [inputsOfGroup * group, outputs / group, ...window];
    if (!isMiscomputed(turnedDims, { ...windows, padsBefore: before, padsAfter: after }, group)) {
      const turned = turnedKernel(builder, kernel, group);
      return builder.op('Conv', [cotangent, turned], windowAttributes(windows, before, after, group));
    }
  }
  // What the last window did not reach.
  const rest = sizes.map((size, axis) => {
    const covered = (windows.outputs[axis]! - 1) * strides[axis]! + outer[axis]! + 1;
    return size + padsBefore[axis]! + padsAfter[axis]! - covered;
  });
  const outputPadding = rest.map((count) => Math.max(0, count));
  // In ceil mode the last window reaches beyond the picture: as if there were more padding.
  const trimmed = padsAfter.map((count, axis) => count - Math.min(0, rest[axis]!));
  return builder.op(
    'ConvTranspose',
    [cotangent, kernel],
    windowAttributes(windows, padsBefore, trimmed, group, outputPadding),
  );
}

/** [outputs, inputs / group, …window] → [inputs, outputs / group, …window], turned around on every spatial axis. */
function turnedKernel(builder: GraphBuilder, kernel: string, group: number): string {
  const [outputs, inputsOfGroup, ...window] = builder.dims(kernel) as [number, number, ...number[]];
  const outputsOfGroup = outputs / group;
  const axes = window.flatMap((size, axis) => (size > 1 ? [axis + 2] : []));
  const around =
    axes.length === 0
      ? kernel
      : builder.slice(
          kernel,
          axes.map(() => -1),
          // Beyond the first cell, counted from the end.
          axes.map((axis) => -window[axis - 2]! - 1),
          axes,
          axes.map(() => -1),
        );
  const grouped = builder.reshape(around, [group, outputsOfGroup, inputsOfGroup, ...window]);
  const order = [0, 2, 1, ...window.map((_, axis) => axis + 3)];
  const swapped = builder.op('Transpose', [grouped], attributes({ perm: intsAttribute(order) }));
  return builder.reshape(swapped, [group * inputsOfGroup, outputsOfGroup, ...window]);
}
