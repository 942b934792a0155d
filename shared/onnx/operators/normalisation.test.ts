import { expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { int } from '../attributes.ts';

it.each([1, 2])(
  'gives 0 and not NaN where LpNormalization of order %i has nothing to divide by',
  async (p) => {
    const model = network({
      nodes: [node('LpNormalization', ['x'], 'y', { axis: int(-1), p: int(p) })],
      inputDims: [2, 2],
    });
    const { inputGradient } = await differentiated(model, [0, 0, 3, 4], { cotangent: [1, 1, 1, 0] });
    expect(inputGradient.slice(0, 2)).toEqual([0, 0]);
    // (1 − y₁·y₁)/‖x‖ for p = 2, (1 − y₁)/‖x‖ for p = 1
    expect(inputGradient[2]).toBeCloseTo(p === 2 ? 0.128 : 4 / 49, 5);
  },
);
