import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attributes, int, ints, string } from '../../shared/onnx/attributes.ts';
import { constantOf } from '../../shared/onnx/constants.ts';
import type { AttributeValue, Constant, TensorType } from '../../shared/onnx/graph.ts';
import { writeModel } from '../../shared/onnx/write-model.ts';
import { answerInChromium } from '../conformance/gradients/answer-in-chromium.ts';
import { altered, someFloats } from '../fixtures/onnx-builder.ts';

/**
 * Which operators that the gradient rules emit WebGPU leaves to the processor: each alone in a model, opened with the fallback
 * forbidden. The table in `shared/onnx/README.md` must say the same.
 */

interface Emitted {
  readonly dims?: readonly number[];
  /** Second and third inputs. */
  readonly rest?: readonly Constant[];
  /** As many inputs of the first one's shape. */
  readonly same?: number;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly gives?: TensorType['type'];
}

const whole = (...values: number[]): Constant => constantOf('int64', [values.length], values);
const unary: Emitted = {};
const binary: Emitted = { same: 2 };
const comparison: Emitted = { same: 2, gives: 'bool' };
const reduction: Emitted = { rest: [whole(1)] };

const emitted: Readonly<Record<string, Emitted>> = {
  Abs: unary,
  Add: binary,
  AveragePool: { attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) } },
  Concat: { same: 2, attributes: { axis: int(1) } },
  Conv: { rest: [someFloats([2, 2, 3, 3])] },
  ConvTranspose: { rest: [someFloats([2, 2, 3, 3])], attributes: { strides: ints([2, 2]) } },
  Cos: unary,
  CumSum: { rest: [constantOf('int64', [], [1])] },
  Div: binary,
  Einsum: { same: 2, attributes: { equation: string('abcd,abce->abde') } },
  Equal: comparison,
  Exp: unary,
  Expand: { dims: [1, 2, 1, 4], rest: [whole(1, 2, 4, 4)] },
  GatherElements: {
    rest: [constantOf('int64', [1, 1, 4, 4], Array(16).fill(1))],
    attributes: { axis: int(1) },
  },
  Gemm: { dims: [2, 4], rest: [someFloats([4, 3])] },
  Greater: comparison,
  Identity: unary,
  Less: comparison,
  Log: unary,
  MatMul: { rest: [someFloats([4, 3])] },
  Mul: binary,
  Neg: unary,
  Pad: { rest: [whole(0, 0, 1, 1, 0, 0, 1, 1), constantOf('float32', [], [0])] },
  Pow: binary,
  ReduceL1: reduction,
  ReduceL2: reduction,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceProd: reduction,
  ReduceSum: reduction,
  Reshape: { rest: [whole(1, -1)] },
  ScatterElements: {
    rest: [constantOf('int64', [1, 1, 4, 4], Array(16).fill(1)), someFloats([1, 1, 4, 4])],
    attributes: { axis: int(1), reduction: string('add') },
  },
  Sigmoid: unary,
  Sign: unary,
  Sin: unary,
  Slice: { rest: [whole(0), whole(4), whole(2), whole(2)] },
  Sqrt: unary,
  Sub: binary,
  Transpose: { attributes: { perm: ints([0, 2, 3, 1]) } },
};

function alone(
  opType: string,
  { dims = [1, 2, 4, 4], rest = [], same = 1, gives, ...more }: Emitted,
): Uint8Array {
  const inputs = Array.from({ length: same }, (_, index) => `x${index}`);
  const constants = new Map(rest.map((constant, index) => [`c${index}`, constant]));
  const all = [...inputs, ...constants.keys()];
  const real: TensorType = { type: 'float32', dims };
  // A comparison is of no use by itself: it chooses.
  const chosen = gives === 'bool';
  const node = { name: '', domain: '', attributes: attributes(more.attributes) };
  const file = writeModel({
    name: opType,
    inputs: new Map(inputs.map((name) => [name, real])),
    outputs: new Map([['y', { type: 'float32', dims: [] }]]),
    nodes: [
      { ...node, opType, inputs: all, outputs: [chosen ? 'chosen' : 'y'] },
      ...(chosen
        ? [
            {
              ...node,
              opType: 'Where',
              inputs: ['chosen', 'x0', 'x1'],
              outputs: ['y'],
              attributes: attributes(),
            },
          ]
        : []),
    ],
    constants,
  });
  // The runtime finds the shape of the result by itself.
  return altered(file, ({ graph }) => delete graph!.output[0]!.type!.tensorType!.shape);
}

it('is what the table says', async () => {
  const page = await answerInChromium();
  const names = Object.keys(emitted);
  const reasons = await page.placements(names.map((name) => alone(name, emitted[name]!)));
  await page.close();
  const onProcessor = names.filter((_, index) => reasons[index] !== undefined);
  const readme = readFileSync(new URL('../../shared/onnx/README.md', import.meta.url), 'utf8');
  const table = /Left to the processor: ([^.]*)\./.exec(readme)?.[1] ?? '';
  expect(onProcessor).toEqual(Array.from(table.matchAll(/`(\w+)`/g), ([, name]) => name));
  expect(onProcessor.length).toBeLessThan(Object.keys(emitted).length / 4);
}, 1_800_000);
