import { attributes, int, ints } from './attributes.ts';
import { type Attributes, sizeOf, type TensorType } from './graph.ts';
import type { NodeScope } from './node-scope.ts';

/** A window that slides over the spatial axes: convolutions and pooling. All lists have one entry for each spatial axis. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
  /** Positions of the window. */
  readonly outputs: readonly number[];
}

/** More than any network has; a few bytes of a hostile file could ask for gigabytes. */
const mostCells = 1e6;

export const spatial = (dims: readonly number[]): readonly number[] => dims.slice(2);

/** What global pooling gives: one cell for each channel. */
export const oneCell = (node: NodeScope): TensorType => ({
  type: node.type(0),
  dims: node.dims(0).map((dim, axis) => (axis < 2 ? dim : 1)),
});

/** Cells from the first to the last that one window touches. */
export const reach = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/**
 * Pads resolved as in the standard: `auto_pad`, else `pads`, else none.
 * @throws AppError `onnx.damaged` when the window is larger than what it slides over
 */
export function windowsOf(node: NodeScope, kernel: readonly number[], ceilMode = false): Windows {
  if (sizeOf(kernel) > mostCells) throw node.unsupported(`a window of ${sizeOf(kernel)} cells`);
  const sizes = spatial(node.dims(0));
  if (kernel.length !== sizes.length || sizes.length === 0) {
    throw node.damaged(`a window of ${kernel.length} axes does not fit a picture of ${sizes.length}`);
  }
  const strides = node.ints('strides') ?? kernel.map(() => 1);
  const dilations = node.ints('dilations') ?? kernel.map(() => 1);
  const [padsBefore, padsAfter] = padsOf(node, kernel, strides, dilations, sizes);
  const outputs = sizes.map((size, axis) => {
    const room = size + padsBefore[axis]! + padsAfter[axis]! - reach(kernel[axis]!, dilations[axis]!);
    if (room < 0) throw node.damaged('the window is larger than the picture');
    const steps = room / strides[axis]!;
    if (!ceilMode) return Math.floor(steps) + 1;
    const count = Math.ceil(steps) + 1;
    // No window may begin in the padding behind the picture.
    return (count - 1) * strides[axis]! >= size + padsBefore[axis]! ? count - 1 : count;
  });
  return { kernel, strides, dilations, padsBefore, padsAfter, outputs };
}

function padsOf(
  node: NodeScope,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  sizes: readonly number[],
): [before: readonly number[], after: readonly number[]] {
  const mode = node.string('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const totals = sizes.map((size, axis) => {
      const outputs = Math.ceil(size / strides[axis]!);
      return Math.max(0, (outputs - 1) * strides[axis]! + reach(kernel[axis]!, dilations[axis]!) - size);
    });
    const smaller = totals.map((total) => Math.floor(total / 2));
    const larger = totals.map((total) => Math.ceil(total / 2));
    return mode === 'SAME_UPPER' ? [smaller, larger] : [larger, smaller];
  }
  const pads = mode === 'VALID' ? undefined : node.ints('pads');
  const rank = kernel.length;
  return [kernel.map((_, axis) => pads?.[axis] ?? 0), kernel.map((_, axis) => pads?.[rank + axis] ?? 0)];
}

/** The attributes of Conv, ConvTranspose and pooling. */
export function windowAttributes(
  { kernel, strides, dilations }: Pick<Windows, 'kernel' | 'strides' | 'dilations'>,
  padsBefore: readonly number[],
  padsAfter: readonly number[],
  group: number,
  outputPadding: readonly number[] = [],
): Attributes {
  return attributes({
    dilations: ints(dilations),
    group: int(group),
    kernel_shape: ints(kernel),
    ...(outputPadding.some((count) => count > 0) && { output_padding: ints(outputPadding) }),
    pads: ints([...padsBefore, ...padsAfter]),
    strides: ints(strides),
  });
}
