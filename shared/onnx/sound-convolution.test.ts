import { describe, expect, it } from 'vitest';
import { network, node, someFloats } from '../../tests/fixtures/onnx-builder.ts';
import { int, intOf, ints } from './attributes.ts';
import { compileGradient } from './compile-gradient.ts';
import { readModel } from './read-model.ts';

interface Shape {
  readonly inputs: number;
  readonly outputs: number;
  readonly window?: number;
  readonly group?: number;
}

/** What a convolution of 3 × 3 has become: the dims of its kernel, its group, and the operators of its gradient. */
function compiled({ inputs, outputs, window = 3, group = 1 }: Shape) {
  const pads = ints(Array<number>(4).fill((window - 1) / 2));
  const model = network({
    nodes: [node('Conv', ['x', 'kernel'], 'y', { pads, group: int(group) })],
    constants: { kernel: someFloats([outputs, inputs / group, window, window]) },
    inputDims: [1, inputs, 6, 6],
  });
  const graph = readModel(compileGradient(model, { output: 'y', wantLayer: false, wantInput: true }).bytes);
  const first = graph.nodes.find(({ opType }) => opType === 'Conv');
  return {
    kernel: graph.constants.get(first!.inputs[1]!)?.dims,
    group: intOf(first!.attributes, 'group', 1),
    operators: graph.nodes.map(({ opType }) => opType),
  };
}

describe('a convolution that WebGPU would compute wrongly', () => {
  it('gets one more channel of zeros where channels are read three at a time', () => {
    const { operators } = compiled({ inputs: 6, outputs: 8 });
    expect(operators.filter((each) => each === 'Pad').length).toBeGreaterThan(0);
  });

  it('is left alone where they are read one or four at a time, and as a product of matrices', () => {
    for (const shape of [
      { inputs: 3, outputs: 8 },
      { inputs: 12, outputs: 8 },
      { inputs: 10, outputs: 8 },
      { inputs: 6, outputs: 7 },
      { inputs: 6, outputs: 8, window: 1 },
    ]) {
      expect(compiled(shape).operators).not.toContain('Pad');
    }
  });

  it('loses its groups where a vector of outputs would reach into the next one', () => {
    expect(compiled({ inputs: 10, outputs: 20, group: 2 })).toMatchObject({
      kernel: [20, 10, 3, 3],
      group: 1,
    });
    expect(compiled({ inputs: 16, outputs: 16, group: 2 })).toMatchObject({
      kernel: [16, 8, 3, 3],
      group: 2,
    });
    expect(compiled({ inputs: 6, outputs: 6, group: 6 })).toMatchObject({ kernel: [6, 1, 3, 3], group: 6 });
  });

  it('goes back by a transposed convolution where the convolution of the way back would be the wrong one', () => {
    expect(compiled({ inputs: 8, outputs: 6 }).operators).toContain('ConvTranspose');
    expect(compiled({ inputs: 8, outputs: 8 }).operators).not.toContain('ConvTranspose');
  });
});
