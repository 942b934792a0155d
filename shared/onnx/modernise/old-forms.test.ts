import { describe, expect, it } from 'vitest';
import { differentiated } from '../../../tests/fixtures/input-gradient.ts';
import { floats, network, node, withOpset } from '../../../tests/fixtures/onnx-builder.ts';
import { int, ints } from '../attributes.ts';

describe('Resize of opset 10', () => {
  const cells = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const resized = (scales: readonly number[], inputDims: readonly number[]): Uint8Array =>
    withOpset(
      network({
        nodes: [node('Resize', ['x', 'scales'], 'y')],
        constants: { scales: floats([4], scales) },
        inputDims,
      }),
      10,
    );

  it('takes the cell after, and not before, where the picture shrinks', async () => {
    const { logits } = await differentiated(resized([1, 1, 1, 0.4], [1, 1, 1, 10]), cells);
    expect(logits).toEqual([0, 3, 5, 8]);
  });

  it('takes either where one axis shrinks and the other grows', async () => {
    const model = resized([1, 1, 0.6, 1.3], [1, 1, 5, 2]);
    expect((await differentiated(model, cells)).logits).toEqual([0, 0, 4, 4, 8, 8]);
  });
});

describe('Hardmax before opset 13', () => {
  it('looks for one largest of everything behind the axis, not of each row', async () => {
    const model = withOpset(
      network({
        nodes: [node('Hardmax', ['x'], 'largest', { axis: int(1) }), node('Mul', ['x', 'largest'], 'y')],
        inputDims: [1, 2, 2],
      }),
      11,
    );
    expect((await differentiated(model, [1, 2, 4, 3])).logits).toEqual([0, 0, 4, 0]);
  });
});

describe('pooling in ceil mode', () => {
  it('can be opened where the last window would begin in the padding', async () => {
    const model = network({
      nodes: [
        node('MaxPool', ['x'], 'pooled', {
          ceil_mode: int(1),
          kernel_shape: ints([2, 3]),
          pads: ints([1, 0, 1, 2]),
          strides: ints([3, 3]),
        }),
        node('Add', ['pooled', 'pooled'], 'y'),
      ],
      inputDims: [1, 1, 5, 2],
    });
    const { inputGradient } = await differentiated(model, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(inputGradient).toEqual([0, 2, 0, 0, 0, 0, 0, 2, 0, 0]);
  });

  it.each([
    ['AveragePool', 'cells only', 0, [1, 1, 2, 0, 0, 0]],
    ['AveragePool', 'padding, too', 1, [1, 1, 2, 0, 0, 0]],
    ['LpPool', 'the cells together', 0, [2, 2, 2, 0, 0, 0]],
  ])('%s leaves such a window out where it counts %s', async (opType, _, countsPads, expected) => {
    const model = network({
      nodes: [
        node(opType, ['x'], 'pooled', {
          ceil_mode: int(1),
          kernel_shape: ints([1, 2]),
          strides: ints([2, 2]),
          ...(opType === 'LpPool' ? { p: int(1) } : { count_include_pad: int(countsPads) }),
        }),
        node('Add', ['pooled', 'pooled'], 'y'),
      ],
      inputDims: [1, 1, 2, 3],
    });
    const { logits, inputGradient } = await differentiated(model, [1, 3, 5, 7, 9, 11]);
    expect(logits).toHaveLength(2);
    expect(inputGradient).toEqual(expected);
  });

  it('averages over what the file pads, not over what ceil mode adds', async () => {
    const model = network({
      nodes: [
        node('AveragePool', ['x'], 'y', {
          ceil_mode: int(1),
          count_include_pad: int(1),
          kernel_shape: ints([2]),
          strides: ints([2]),
        }),
      ],
      inputDims: [1, 1, 3],
    });
    expect(await differentiated(model, [1, 3, 5])).toMatchObject({
      logits: [2, 5],
      inputGradient: [0.5, 0.5, 1],
    });
  });
});
