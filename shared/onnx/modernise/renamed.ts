import { attributes, int, string } from '../attributes.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/** Operators that got another name, and attributes that opset 18 does not have. */

/**
 * Scales only, from the corner of the first cell. The standard did not yet say which cell is the nearest: onnxruntime takes the
 * one before where the picture grows and the one after where it shrinks.
 */
const upsample: Rewrite = (node) => {
  if (node.node.opType === 'Resize' && node.opset >= 11) return false;
  const mode = node.string('mode', 'nearest');
  const settings = (nearest: string) =>
    attributes({
      coordinate_transformation_mode: string('asymmetric'),
      mode: string(mode),
      nearest_mode: string(nearest),
    });
  const scales = node.values(1);
  const isShrinking = mode === 'nearest' && scales.some((scale) => scale < 1);
  if (isShrinking && scales.some((scale) => scale > 1)) return bothWays(node, scales);
  return node.become({
    opType: 'Resize',
    inputs: [node.input(0), '', node.input(1)],
    attributes: settings(isShrinking ? 'ceil' : 'floor'),
  });
};

/** No Resize of opset 18 does both, and one after the other would copy a picture that keeps its size. */
function bothWays(node: Rewriting, scales: readonly number[]): true {
  const { builder } = node;
  const float32 = Math.fround;
  const resized = node.dims(0).reduce((name, size, axis) => {
    const scale = scales[axis]!;
    const round = scale < 1 ? Math.ceil : Math.floor;
    const cells = Array.from({ length: Math.floor(float32(size * scale)) }, (_, cell) =>
      Math.min(round(float32(cell / scale)), size - 1),
    );
    return scale === 1
      ? name
      : builder.op('Gather', [name, builder.ints(cells)], attributes({ axis: int(axis) }));
  }, node.input(0));
  return node.finish(resized);
}

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
