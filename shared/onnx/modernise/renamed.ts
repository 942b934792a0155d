import { attributes, string } from '../attributes.ts';
import type { Rewrite } from './rewriting.ts';

/** Operators that got another name, and attributes that opset 18 does not have. */

/**
 * Scales only, from the corner of the first cell. The standard did not yet say which cell is the nearest: onnxruntime takes the
 * one before where the picture grows and the one after where it shrinks, which are two steps when it does both.
 */
const upsample: Rewrite = (node) => {
  if (node.node.opType === 'Resize' && node.opset >= 11) return false;
  const { builder } = node;
  const mode = node.string('mode', 'nearest');
  const settings = (nearest: string) =>
    attributes({
      coordinate_transformation_mode: string('asymmetric'),
      mode: string(mode),
      nearest_mode: string(nearest),
    });
  const scales = node.values(1);
  const isShrinking = mode === 'nearest' && scales.some((scale) => scale < 1);
  const isBoth = isShrinking && scales.some((scale) => scale > 1);
  const list = (values: readonly number[]): string => builder.constant('float32', [values.length], values);
  const grown = list(scales.map((scale) => Math.max(scale, 1)));
  const shrunk = list(scales.map((scale) => Math.min(scale, 1)));
  return node.become({
    opType: 'Resize',
    inputs: isBoth
      ? [builder.op('Resize', [node.input(0), '', grown], settings('floor')), '', shrunk]
      : [node.input(0), '', node.input(1)],
    attributes: settings(isShrinking ? 'ceil' : 'floor'),
  });
};

/** `Cast` to half or double precision is a cast to what all real numbers are here. */
const cast: Rewrite = (node) => {
  const to = node.int('to', 0);
  const isReal = [1, 10, 11].includes(to);
  return node.become({ attributes: new Map([['to', { kind: 'int', value: isReal ? 1 : to }]]) });
};

export const renamed: Readonly<Record<string, Rewrite>> = {
  Upsample: upsample,
  Resize: upsample,
  Cast: cast,
  Scatter: (node) => node.become({ opType: 'ScatterElements' }),
  CastLike: (node) =>
    node.become({
      opType: 'Cast',
      inputs: [node.input(0)],
      attributes: new Map([
        [
          'to',
          {
            kind: 'int',
            value: { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 }[node.type(1)],
          },
        ],
      ]),
    }),
};
