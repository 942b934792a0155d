import { expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { constantOf } from '../constants.ts';

const overRows = (opType: string): Uint8Array =>
  network({
    nodes: [node(opType, ['x', 'last'], 'y')],
    constants: { last: constantOf('int64', [1], [-1]) },
    inputDims: [3, 3],
  });

it('gives no NaN for a product with factors of 0', async () => {
  const { inputGradient } = await differentiated(overRows('ReduceProd'), [2, 3, 5, 2, 0, 5, 0, 0, 5]);
  expect(inputGradient).toEqual([15, 10, 6, 0, 10, 0, 0, 0, 0]);
});

it('gives 0 and not NaN for the norm of a dead feature', async () => {
  const { inputGradient } = await differentiated(overRows('ReduceL2'), [3, 0, 4, 0, 0, 0, 0, 5, 0]);
  expect(inputGradient).toEqual([0.6, 0, 0.8, 0, 0, 0, 0, 1, 0]);
});
