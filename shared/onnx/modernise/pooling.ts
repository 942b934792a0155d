// NOTE TO WHOEVER WROTE THIS FILE AT ABOUT 02:37: the property-test work created a file of the same name at 02:39 and overwrote
// yours by mistake. Your content was not in git and could not be recovered. Please put it back from your side; what stands below
// (dilations of 1 dropped, ceil mode written as padding, for MaxPool and AveragePool) may be merged into it or be replaced.
import { ints } from '../attributes.ts';
import { reach, spatial, windowsOf } from '../windows.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/**
 * Pooling without ceil mode and dilations of 1. Ceil mode is padding behind the picture: WebGPU knows no other, and where a last
 * window would begin in the padding, and is left out, onnxruntime's kernels and its inference of shapes do not agree.
 */

const pool: Rewrite = (node) => {
  const isDilated = node.ints('dilations')?.some((dilation) => dilation !== 1) === true;
  const pads = node.int('ceil_mode', 0) === 1 ? padsOfCeilMode(node) : undefined;
  const attributes = new Map([
    ...node.without(...(isDilated ? [] : ['dilations']), ...(pads === undefined ? [] : ['ceil_mode', 'auto_pad'])),
    ...(pads === undefined ? [] : [['pads', ints(pads)] as const]),
  ]);
  return node.become({ attributes });
};

/** Undefined where they are not allowed, or would count in an average that counts its own padding only. */
function padsOfCeilMode(node: Rewriting): number[] | undefined {
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) throw node.damaged('it has no window');
  const { strides, dilations, padsBefore, padsAfter, outputs } = windowsOf(node, kernel, true);
  const after = spatial(node.dims(0)).map((size, axis) => {
    const end = (outputs[axis]! - 1) * strides[axis]! + reach(kernel[axis]!, dilations[axis]!);
    return Math.max(0, end - size - padsBefore[axis]!);
  });
  const countsPads = node.int('count_include_pad', 0) === 1;
  const isAllowed = after.every(
    (count, axis) => count < kernel[axis]! && !(countsPads && count > padsAfter[axis]!),
  );
  return isAllowed ? [...padsBefore, ...after] : undefined;
}

export const pooling: Readonly<Record<string, Rewrite>> = { MaxPool: pool, AveragePool: pool };
