import { expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { floats, network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { int } from '../attributes.ts';

it('lets the cotangent of a remainder through: it was taken for a step', async () => {
  const model = network({
    nodes: [node('Mod', ['x', 'divisor'], 'y', { fmod: int(1) })],
    constants: { divisor: floats([], [2]) },
    inputDims: [1, 2],
  });
  expect(await differentiated(model, [4.5, -4.5])).toMatchObject({
    logits: [0.5, -0.5],
    inputGradient: [1, 1],
  });
});

it('gives the divisor how often it was taken away', async () => {
  const model = network({
    nodes: [node('Mod', ['dividend', 'x'], 'y', { fmod: int(1) })],
    constants: { dividend: floats([1, 2], [7, -7]) },
    inputDims: [1, 2],
  });
  expect((await differentiated(model, [2, 2])).inputGradient).toEqual([-3, 3]);
});
