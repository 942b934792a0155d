import { attributes, string } from '../attributes.ts';
import type { Rewrite } from './rewriting.ts';

/** Operators that got another name, and attributes that opset 18 does not have. */

const oldResize = attributes({
  coordinate_transformation_mode: string('asymmetric'),
  nearest_mode: string('floor'),
});

/** Scales only, from the corner of the first cell. */
const upsample: Rewrite = (node) => {
  if (node.node.opType === 'Resize' && node.opset >= 11) return false;
  const mode = string(node.string('mode', 'nearest'));
  return node.become({
    opType: 'Resize',
    inputs: [node.input(0), '', node.input(1)],
    attributes: new Map([...oldResize, ['mode', mode]]),
  });
};

const averagePool: Rewrite = (node) => {
  if (node.ints('dilations')?.every((dilation) => dilation === 1) !== true) return false;
  return node.become({ attributes: node.without('dilations') });
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
  AveragePool: averagePool,
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
