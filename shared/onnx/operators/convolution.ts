import { convolutionAdjoint } from '../convolution-adjoint.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { soundConvolution } from '../sound-convolution.ts';
import { reach, spatial, windowAttributes, type Windows, windowsOf } from '../windows.ts';

/** Conv and its adjoint ConvTranspose are each other's gradients (Dumoulin & Visin 2016). */

function convWindows(node: NodeScope): Windows {
  const [, inputs] = node.dims(0);
  const [outputs, inputsOfGroup] = node.dims(1);
  const group = node.int('group', 1);
  if (inputs !== inputsOfGroup! * group || outputs! % group !== 0) {
    throw node.damaged(`a kernel of ${node.dims(1).join('×')} does not fit ${node.dims(0).join('×')}`);
  }
  return windowsOf(node, spatial(node.dims(1)));
}

/** What ConvTranspose makes of each spatial axis, with its pads as the standard resolves them. */
function transposedWindows(node: NodeScope) {
  const sizes = spatial(node.dims(0));
  const kernel = spatial(node.dims(1));
  if (node.dims(0)[1] !== node.dims(1)[0] || kernel.length !== sizes.length) {
    throw node.damaged(`a kernel of ${node.dims(1).join('×')} does not fit ${node.dims(0).join('×')}`);
  }
  const strides = node.ints('strides') ?? kernel.map(() => 1);
  const dilations = node.ints('dilations') ?? kernel.map(() => 1);
  const outputPadding = node.ints('output_padding') ?? kernel.map(() => 0);
  const mode = node.string('auto_pad', 'NOTSET');
  const wanted = node.ints('output_shape');
  const whole = sizes.map(
    (size, axis) =>
      strides[axis]! * (size - 1) + outputPadding[axis]! + reach(kernel[axis]!, dilations[axis]!),
  );
  let [padsBefore, padsAfter] = [kernel.map(() => 0), kernel.map(() => 0)];
  if (wanted !== undefined || mode.startsWith('SAME')) {
    const target = wanted?.slice(-kernel.length) ?? sizes.map((size, axis) => size * strides[axis]!);
    const totals = whole.map((size, axis) => Math.max(0, size - target[axis]!));
    const smaller = totals.map((total) => Math.floor(total / 2));
    const larger = totals.map((total) => Math.ceil(total / 2));
    [padsBefore, padsAfter] = mode === 'SAME_UPPER' ? [smaller, larger] : [larger, smaller];
  } else if (mode === 'NOTSET') {
    const pads = node.ints('pads') ?? [];
    padsBefore = kernel.map((_, axis) => pads[axis] ?? 0);
    padsAfter = kernel.map((_, axis) => pads[kernel.length + axis] ?? 0);
  }
  const outputs = whole.map((size, axis) => size - padsBefore[axis]! - padsAfter[axis]!);
  return { kernel, strides, dilations, padsBefore, padsAfter, outputs };
}

export const convolution: Operators = {
  Conv: {
    infer(node) {
      const { outputs } = convWindows(node);
      return { type: node.type(0), dims: [node.dims(0)[0]!, node.dims(1)[0]!, ...outputs] };
    },
    gradient(scope) {
      for (const index of [1, 2]) scope.refuse(index, 'its kernel or shift');
      scope.give(0, () =>
        convolutionAdjoint(
          scope.builder,
          scope.cotangent,
          scope.input(1),
          convWindows(scope),
          scope.int('group', 1),
          spatial(scope.dims(0)),
        ),
      );
    },
  },
  ConvTranspose: {
    infer(node) {
      const channels = node.dims(1)[1]! * node.int('group', 1);
      return { type: node.type(0), dims: [node.dims(0)[0]!, channels, ...transposedWindows(node).outputs] };
    },
    gradient(scope) {
      const { builder } = scope;
      for (const index of [1, 2]) scope.refuse(index, 'its kernel or shift');
      scope.give(0, () => {
        const windows = transposedWindows(scope);
        const { padsBefore, padsAfter } = windows;
        const given = scope.int('group', 1);
        const { picture, kernel, group } = soundConvolution(
          builder,
          scope.cotangent,
          scope.input(1),
          windows,
          given,
        );
        const how = windowAttributes(windows, padsBefore, padsAfter, group);
        const found = builder.op('Conv', [picture, kernel], how);
        // Output padding as large as a stride gives the window positions that no input cell has.
        const sizes = spatial(scope.dims(0));
        const axes = sizes.flatMap((size, axis) => (builder.dims(found)[axis + 2]! > size ? [axis + 2] : []));
        if (axes.length === 0) return found;
        return builder.slice(
          found,
          axes.map(() => 0),
          axes.map((axis) => sizes[axis - 2]!),
          axes,
        );
      });
    },
  },
};
