import { describe, expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { floats, network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { ints, string } from '../attributes.ts';
import { constantOf } from '../constants.ts';

/** By the logits of its own input, whose cells are numbered, an enlargement says which cell each of its cells was copied from. */
async function copies(width: number, scale: number, mode: string, nearest: string): Promise<number[]> {
  const model = network({
    nodes: [
      node('Resize', ['x', '', 'scales'], 'y', {
        coordinate_transformation_mode: string(mode),
        nearest_mode: string(nearest),
      }),
    ],
    constants: { scales: floats([4], [1, 1, 1, scale]) },
    inputDims: [1, 1, 1, width],
  });
  const cells = Array.from({ length: width }, (_, cell) => cell);
  const { logits, inputGradient } = await differentiated(model, cells);
  expect(inputGradient).toEqual(cells.map((cell) => logits.filter((from) => from === cell).length));
  return [...logits];
}

describe('Resize', () => {
  it('counts the cells in single precision: 10 times 1.3 are 13', async () => {
    expect(await copies(10, 1.3, 'asymmetric', 'floor')).toHaveLength(13);
  });

  it('finds the cell that is met exactly in single precision only', async () => {
    // 3 / 0.6 is a little below 5 in double precision, since 0.6 is a little too large.
    expect((await copies(10, 0.6, 'asymmetric', 'floor'))[3]).toBe(5);
  });

  it('takes the middle between two cells for the middle where the last digit says otherwise', async () => {
    // 19.5 / 1.3 − 0.5 is 14.500001.
    expect((await copies(16, 1.3, 'half_pixel', 'round_prefer_floor'))[19]).toBe(14);
  });

  it('copies a picture that keeps its size, whatever the scales are', async () => {
    expect(await copies(2, 1.3, 'half_pixel', 'floor')).toEqual([0, 1]);
  });

  it('can be opened behind a slice that takes less than a block', async () => {
    const model = network({
      nodes: [
        node('Resize', ['x', '', 'scales'], 'large', {
          coordinate_transformation_mode: string('asymmetric'),
          nearest_mode: string('floor'),
        }),
        node('Slice', ['large', 'start', 'end', 'axes'], 'y'),
      ],
      constants: {
        scales: floats([4], [1, 1, 2, 2]),
        start: constantOf('int64', [1], [3]),
        end: constantOf('int64', [1], [4]),
        axes: constantOf('int64', [1], [3]),
      },
      inputDims: [1, 1, 1, 3],
    });
    expect((await differentiated(model, [1, 2, 3])).inputGradient).toEqual([0, 2, 0]);
  });
});

describe('a result that is both answered and padded on the way back', () => {
  it('is not lost by the runtime', async () => {
    // Gradient of a slice, then of a convolution: a Pad that onnxruntime melts into what follows.
    const model = network({
      nodes: [
        node('ConvTranspose', ['x', 'kernel'], 'large', { strides: ints([2, 2]) }),
        node('Slice', ['large', 'start', 'end', 'axes'], 'layer'),
        node('Relu', ['layer'], 'y'),
      ],
      constants: {
        kernel: floats([1, 1, 2, 2], [1, 2, 3, 4]),
        start: constantOf('int64', [1], [2]),
        end: constantOf('int64', [1], [4]),
        axes: constantOf('int64', [1], [3]),
      },
      inputDims: [1, 1, 1, 2],
    });
    const { inputGradient, activationGradient } = await differentiated(model, [1, 1], { layer: 'layer' });
    expect(activationGradient).toEqual([1, 1, 1, 1]);
    expect(inputGradient).toEqual([0, 10]);
  });
});
