import { broadcastDims } from '../broadcast.ts';
import { sizeOf } from '../graph.ts';
import { soundConvolution } from '../sound-convolution.ts';
import { spatial, windowAttributes, windowsOf } from '../windows.ts';
import type { Rewrite } from './rewriting.ts';

/** The same operators in a form that every runtime's kernels compute rightly. */

/** Padding is written out: WebGPU once took `auto_pad` for something else (onnxruntime#26734). */
const conv: Rewrite = (node) => {
  const group = node.int('group', 1);
  const windows = windowsOf(node, spatial(node.dims(1)));
  const sound = soundConvolution(node.builder, node.input(0), node.input(1), windows, group);
  return node.become({
    inputs: [sound.picture, sound.kernel, ...node.node.inputs.slice(2)],
    attributes: windowAttributes(windows, windows.padsBefore, windows.padsAfter, sound.group),
  });
};

/** WebGPU cannot compile the shader of a power whose base or exponent is repeated along the last axis, be it of one value. */
const pow: Rewrite = (node) => {
  const { builder } = node;
  const dims = broadcastDims([node.dims(0), node.dims(1)], node);
  const whole = [0, 1].map((index) => {
    const own = node.dims(index);
    if (sizeOf(own) === 1 || sizeOf(own) === sizeOf(dims)) return node.input(index);
    return builder.op('Expand', [node.input(index), builder.ints(dims)]);
  });
  return node.become({ inputs: whole });
};

export const kernels: Readonly<Record<string, Rewrite>> = { Conv: conv, Pow: pow };
