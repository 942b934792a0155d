import { expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { floats, network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { constantOf } from '../constants.ts';

it('takes a whole number as the exponent, as exporters write a square', async () => {
  const model = network({
    nodes: [node('Pow', ['x', 'two'], 'y')],
    constants: { two: constantOf('int64', [], [2]) },
    inputDims: [1, 3],
  });
  expect((await differentiated(model, [3, -2, 0])).inputGradient).toEqual([6, -4, 0]);
});

it('gives 0 and not NaN for the power 0 of an empty cell', async () => {
  const model = network({
    nodes: [node('Pow', ['x', 'exponents'], 'y')],
    constants: { exponents: floats([3], [0, 1, 2]) },
    inputDims: [1, 3],
  });
  expect((await differentiated(model, [0, 2, 3])).inputGradient).toEqual([0, 1, 6]);
});
