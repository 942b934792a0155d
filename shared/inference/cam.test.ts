import { describe, expect, it } from 'vitest';
import { tensor } from '../../tests/fixtures/fake-models.ts';
import { camOf } from './cam.ts';

/** Two channels of 2×2, worked out by hand. */
const activation = tensor([1, 2, 2, 2], [1, 2, 3, 4, 1, 0, 1, 0]);
const gradient = tensor([1, 2, 2, 2], [1, 1, -1, 3, -2, -2, 0, 0]);

describe('camOf', () => {
  it('weighs each channel by its mean gradient for Grad-CAM', () => {
    // Means 1 and −1: 1−1, 2−0, 3−1, 4−0.
    expect([...camOf('gradcam', activation, gradient).values]).toEqual([0, 2, 2, 4]);
  });

  it('weighs each cell by its own gradient for HiResCAM, and cuts off what speaks against', () => {
    expect([...camOf('hirescam', activation, gradient).values]).toEqual([0, 2, 0, 12]);
  });

  it('takes positive gradients only for LayerCAM', () => {
    expect([...camOf('layercam', activation, gradient).values]).toEqual([1, 2, 0, 12]);
  });

  it('looks at the picture of the batch that it is asked for', () => {
    const twice = (first: typeof activation, second: typeof activation) =>
      tensor([2, 2, 2, 2], [...first.data, ...second.data]);
    const both = twice(tensor([1, 2, 2, 2], 0), activation);
    const map = camOf('gradcam', both, twice(gradient, gradient), 1);
    expect(map).toEqual(camOf('gradcam', activation, gradient));
  });

  it('turns with the picture', () => {
    const flip = (values: Float32Array): number[] =>
      [0, 1].flatMap((channel) => Array.from(values.slice(channel * 4, channel * 4 + 4).toReversed()));
    const flipped = camOf(
      'gradcam',
      tensor([1, 2, 2, 2], flip(activation.data)),
      tensor([1, 2, 2, 2], flip(gradient.data)),
    );
    expect([...flipped.values]).toEqual([...camOf('gradcam', activation, gradient).values].toReversed());
  });
});
