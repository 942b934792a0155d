import type { GraphBuilder } from './graph-builder.ts';
import { type Constant, sizeOf } from './graph.ts';
import type { Windows } from './windows.ts';

/**
 * Convolutions that onnxruntime's WebGPU kernels compute wrongly without a word (seen in 1.30):
 * - Input channels divisible by 3, not by 4, and more than 3, with outputs divisible by 4: channels are read three at a time and
 *   counted as if they were four (onnxruntime#29651).
 * - Groups of at least four outputs that do not fill whole vectors: a vector reaches into the next group.
 * They are written otherwise for every runtime, since a compiled model is the same everywhere.
 */

/** [outputs, inputs / group, …window] */
type KernelDims = readonly number[];
type Steps = Pick<Windows, 'kernel' | 'strides' | 'padsBefore' | 'padsAfter'>;

/** What a dense kernel may grow to, in values. */
const mostDense = 2 ** 24;

export function isMiscomputed(
  [outputs, inputs, ...window]: KernelDims,
  { kernel, strides, padsBefore, padsAfter }: Steps,
  group: number,
): boolean {
  if (window.length > 2) return false;
  if (group > 1) {
    const each = outputs! / group;
    const vector = outputs! % 4 === 0 ? 4 : outputs! % 2 === 0 ? 2 : 1;
    return Number.isInteger(each) && each >= 4 && each % vector !== 0;
  }
  // A product of matrices, which has a kernel of its own.
  const isProduct =
    [...kernel, ...strides].every((count) => count === 1) &&
    [...padsBefore, ...padsAfter].every((count) => count === 0);
  return !isProduct && inputs! > 3 && inputs! % 3 === 0 && inputs! % 4 !== 0 && outputs! % 4 === 0;
}

/** The same convolution with one more channel of zeros, or without groups, where it would be computed wrongly. */
export function soundConvolution(
  builder: GraphBuilder,
  picture: string,
  kernel: string,
  windows: Steps,
  group: number,
): { readonly picture: string; readonly kernel: string; readonly group: number } {
  const dims = builder.dims(kernel);
  if (!isMiscomputed(dims, windows, group)) return { picture, kernel, group };
  if (group === 1) {
    const oneMore = dims.map((_, axis) => (axis === 1 ? 1 : 0));
    const none = dims.map(() => 0);
    return {
      picture: builder.pad(picture, none, oneMore),
      kernel: builder.pad(kernel, none, oneMore),
      group,
    };
  }
  const constant = builder.constants.get(kernel);
  if (constant === undefined || sizeOf(dims) * group > mostDense) return { picture, kernel, group };
  const dense = builder.freshName('kernel');
  builder.addConstant(dense, withoutGroups(constant, group));
  return soundConvolution(builder, picture, dense, windows, 1);
}

/** Each output's weights among zeros for the inputs of the other groups. */
function withoutGroups({ type, dims, bytes }: Constant, group: number): Constant {
  const [outputs, inputsOfGroup, ...window] = dims as [number, number, ...number[]];
  const run = bytes.length / outputs;
  const dense = new Uint8Array(bytes.length * group);
  for (let output = 0; output < outputs; output += 1) {
    const from = bytes.subarray(output * run, (output + 1) * run);
    const own = Math.floor(output / (outputs / group));
    dense.set(from, (output * group + own) * run);
  }
  return { type, dims: [outputs, inputsOfGroup * group, ...window], bytes: dense };
}
