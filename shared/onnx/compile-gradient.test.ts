import { array, assert, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  altered,
  floats,
  network,
  node,
  smallClassifier,
  someFloats,
  withOpset,
} from '../../tests/fixtures/onnx-builder.ts';
import { AppError } from '../kernel/errors.ts';
import { float, int, ints, string } from './attributes.ts';
import { compileGradient } from './compile-gradient.ts';
import { constantOf, numbersOf } from './constants.ts';
import type { GraphNode } from './graph.ts';
import { readModel } from './read-model.ts';

const request = { output: 'y', wantInput: true } as const;

describe('compileGradient', () => {
  it('gives the same bytes for the same request', () => {
    const model = smallClassifier();
    const [first, second] = [compileGradient(model, request), compileGradient(model.slice(), request)];
    expect(first.bytes).toEqual(second.bytes);
    expect(first.bytes).not.toEqual(compileGradient(model, { ...request, inputDims: [2, 1, 4, 4] }).bytes);
  });

  it('has inputs and outputs under fixed names, and only those asked for', () => {
    const names = (wantLayer: boolean, wantInput: boolean) => {
      const { bytes } = compileGradient(smallClassifier(), { output: 'y', wantLayer, wantInput });
      const { inputs, outputs } = readModel(bytes);
      return [inputs.map(({ name }) => name), outputs];
    };
    const inputs = ['input', 'cotangent'];
    expect(names(true, true)).toEqual([
      inputs,
      ['logits', 'activation', 'activation_gradient', 'input_gradient'],
    ]);
    expect(names(true, false)).toEqual([inputs, ['logits', 'activation', 'activation_gradient']]);
    expect(names(false, true)).toEqual([inputs, ['logits', 'input_gradient']]);
  });

  it('takes the last spatial activation where no layer is named', () => {
    const { layer } = compileGradient(smallClassifier(), request);
    expect(layer).toEqual({ name: 'features', dims: [1, 2, 4, 4], carriesAll: true });
  });

  it.each<[string, GraphNode[], string]>([
    [
      'a pooling that is rewritten, not of what it is rewritten to',
      [node('LpPool', ['x'], 'pooled', { kernel_shape: ints([2, 2]) }), node('Flatten', ['pooled'], 'y')],
      'pooled',
    ],
    [
      'what everything goes through, not a branch beside it',
      [
        node('AveragePool', ['x'], 'trunk', { kernel_shape: ints([2, 2]) }),
        node('MaxPool', ['trunk'], 'branch', { kernel_shape: ints([2, 2]) }),
        node('Flatten', ['trunk'], 'a'),
        node('Flatten', ['branch'], 'b'),
        node('Concat', ['a', 'b'], 'y', { axis: int(1) }),
      ],
      'trunk',
    ],
    [
      'a picture that was folded and unfolded',
      [
        node('AveragePool', ['x'], 'trunk', { kernel_shape: ints([1, 1]) }),
        node('Reshape', ['trunk', 'folded'], 'groups'),
        node('Reshape', ['groups', 'unfolded'], 'again'),
        node('Relu', ['again'], 'features'),
        node('Flatten', ['features'], 'y'),
      ],
      'features',
    ],
  ])('takes the activation of %s', (_, nodes, name) => {
    const whole = (...values: number[]) => constantOf('int64', [values.length], values);
    const constants = { folded: whole(1, 1, 16), unfolded: whole(1, 1, 4, 4) };
    const model = network({ nodes, constants });
    expect(compileGradient(model, request).layer).toMatchObject({ name });
  });

  it('does not take one infinity for the other', () => {
    const limits = { min: float(-Infinity), max: float(Infinity) };
    const model = withOpset(
      network({
        nodes: [
          node('AveragePool', ['x'], 'p', { kernel_shape: ints([1, 1]) }),
          node('Clip', ['p'], 'y', limits),
        ],
      }),
      10,
    );
    const { constants } = readModel(compileGradient(model, request).bytes);
    const values = [...constants.values()].flatMap(numbersOf);
    expect(values).toEqual(expect.arrayContaining([-Infinity, Infinity]));
  });

  it('keeps the names of a network that has taken its own apart', () => {
    const model = network({
      nodes: [node('Relu', ['x'], 'logits'), node('Neg', ['logits'], 'input'), node('Exp', ['input'], 'y')],
    });
    expect(readModel(compileGradient(model, { ...request, layer: 'logits' }).bytes).outputs).toHaveLength(4);
  });

  it('says whether anything leads around the layer', () => {
    const around = network({
      nodes: [node('Relu', ['x'], 'layer'), node('Add', ['layer', 'x'], 'y')],
    });
    expect(compileGradient(around, { ...request, layer: 'layer' }).layer?.carriesAll).toBe(false);
  });

  it('is not larger than twice the model: the weights are there once', () => {
    const model = network({
      nodes: [node('Conv', ['x', 'kernel'], 'y')],
      constants: { kernel: someFloats([64, 64, 3, 3]) },
      inputDims: [1, 64, 8, 8],
    });
    expect(
      compileGradient(model, { output: 'y', wantLayer: false, wantInput: true }).bytes.length,
    ).toBeLessThan(model.length * 1.1);
  });
});

describe('what cannot be compiled', () => {
  const failure = (model: Uint8Array, changes: object = {}): AppError => {
    try {
      compileGradient(model, { ...request, ...changes });
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    }
    return expect.unreachable('it was compiled');
  };

  it.each<[string, string, string, () => Uint8Array]>([
    [
      'an operator that is not known',
      'onnx.no-rule',
      'LSTM',
      () => network({ nodes: [node('LSTM', ['x'], 'y')] }),
    ],
    [
      'an operator of another domain',
      'onnx.no-rule',
      'com.microsoft.FusedConv',
      () => network({ nodes: [node('FusedConv', ['x'], 'y', {}, 'com.microsoft')] }),
    ],
    [
      'a quantised network',
      'onnx.quantised',
      'QuantizeLinear',
      () =>
        network({
          nodes: [node('QuantizeLinear', ['x', 'scale'], 'q'), node('DequantizeLinear', ['q', 'scale'], 'y')],
          constants: { scale: floats([], [0.1]) },
        }),
    ],
    [
      'weights in another file',
      'onnx.external-data',
      'kernel',
      () => altered(smallClassifier(), ({ graph }) => void (graph!.initializer[0]!.dataLocation = 1)),
    ],
    [
      'a network that needs its own result',
      'onnx.cyclic',
      'Add',
      () => network({ nodes: [node('Add', ['x', 'later'], 'y'), node('Relu', ['y'], 'later')] }),
    ],
    [
      'an input from nowhere',
      'onnx.damaged',
      'nowhere',
      () => network({ nodes: [node('Add', ['x', 'nowhere'], 'y')] }),
    ],
    [
      'a tensor that is computed twice',
      'onnx.damaged',
      'twice',
      () => network({ nodes: [node('Relu', ['x'], 'y'), node('Neg', ['x'], 'y')] }),
    ],
    [
      'a kernel that does not fit',
      'onnx.damaged',
      'Conv',
      () =>
        network({
          nodes: [node('Conv', ['x', 'kernel'], 'y')],
          constants: { kernel: someFloats([2, 3, 3, 3]) },
        }),
    ],
    [
      'weights that are cut off',
      'onnx.damaged',
      'kernel',
      () =>
        altered(smallClassifier(), ({ graph }) => {
          graph!.initializer[0]!.rawData = graph!.initializer[0]!.rawData.subarray(1);
        }),
    ],
    [
      'a picture too long for a matrix',
      'onnx.no-rule',
      'Pad',
      () =>
        network({
          nodes: [
            node('AveragePool', ['x'], 'layer', { kernel_shape: ints([1, 1]) }),
            node('Pad', ['layer', 'pads'], 'y', { mode: string('edge') }),
          ],
          constants: { pads: constantOf('int64', [8], [0, 0, 0, 1, 0, 0, 0, 1]) },
          inputDims: [1, 1, 1, 40_000],
        }),
    ],
    [
      'a window that would fill the memory',
      'onnx.unsupported',
      'AveragePool',
      () =>
        network({
          nodes: [
            node('AveragePool', ['x'], 'y', {
              kernel_shape: ints([1e5, 1e5]),
              pads: ints([1e5, 1e5, 1e5, 1e5]),
            }),
          ],
        }),
    ],
    ['an opset of the future', 'onnx.unsupported', '99', () => withOpset(smallClassifier(), 99)],
    [
      'a kernel that depends on the picture',
      'onnx.no-rule',
      'kernel',
      () =>
        network({
          nodes: [
            node('AveragePool', ['x'], 'layer', { kernel_shape: ints([1, 1]) }),
            node('Conv', ['layer', 'layer'], 'y'),
          ],
          inputDims: [1, 1, 3, 3],
        }),
    ],
    ['no network', 'onnx.damaged', 'no network', () => new Uint8Array()],
    ['something else', 'onnx.damaged', 'ONNX', () => new TextEncoder().encode('%PDF-1.4 and so on and on')],
  ])('%s is refused as %s, naming %s', (_, code, named, model) => {
    const error = failure(model());
    expect(error.code).toBe(code);
    expect(error.message).toContain(named);
  });

  it('names operator and node', () => {
    const { message, details } = failure(network({ nodes: [node('LSTM', ['x'], 'y')] }));
    expect(message).toContain('LSTM (the LSTM, giving y)');
    expect(details).toMatchObject({ operator: 'LSTM', node: 'the LSTM' });
  });

  it.each<[string, object]>([
    ['an output that is not there', { output: 'z' }],
    ['a layer that is not there', { layer: 'z' }],
    ['a layer that the output does not depend on', { output: 'convolved', layer: 'features' }],
    ['nothing', { wantLayer: false, wantInput: false }],
    ['a picture that does not fit', { inputDims: [1, 1, 5, 4] }],
    ['a picture without pixels', { inputDims: [1, 1, 0, 4] }],
  ])('%s is refused as a request', (_, changes) => {
    expect(failure(smallClassifier(), changes).code).toBe('onnx.bad-request');
  });

  it('asks for sizes that the file leaves open', () => {
    const open = altered(smallClassifier(), ({ graph }) => {
      for (const dim of graph!.input[0]!.type!.tensorType!.shape!.dim) {
        dim.value = { case: 'dimParam', value: 'any' };
      }
    });
    expect(failure(open).code).toBe('onnx.bad-request');
    const { inputDims } = compileGradient(open, { ...request, inputDims: [3, 1, 6, 4] });
    expect(inputDims).toEqual([3, 1, 6, 4]);
  });

  it('never fails otherwise than with a typed error, however the file is damaged', () => {
    const whole = network({
      nodes: [
        node('Conv', ['x', 'kernel'], 'c', { strides: ints([2, 2]) }),
        node('MaxPool', ['c'], 'p', { kernel_shape: ints([2, 2]) }),
        node('Reshape', ['p', 'shape'], 'r'),
        node('Softmax', ['r'], 'y'),
      ],
      constants: {
        kernel: someFloats([2, 1, 3, 3]),
        shape: { type: 'int64', dims: [2], bytes: new Uint8Array(new BigInt64Array([1n, -1n]).buffer) },
      },
      inputDims: [1, 1, 9, 9],
    });
    const outcomes = { compiled: 0, refused: 0 };
    const attempt = (bytes: Uint8Array): void => {
      try {
        compileGradient(bytes, request);
        outcomes.compiled += 1;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        outcomes.refused += 1;
      }
    };
    for (let length = 0; length < whole.length; length += 1) attempt(whole.subarray(0, length));
    const change = record({ at: nat(whole.length - 1), to: integer({ min: 0, max: 255 }) });
    assert(
      property(array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = whole.slice();
        for (const { at, to } of changes) damaged[at] = to;
        attempt(damaged);
      }),
      { numRuns: 3000, seed: 5 },
    );
    expect(outcomes.compiled).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(500);
  });
});
