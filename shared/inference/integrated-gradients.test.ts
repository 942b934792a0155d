import { expect, it } from 'vitest';
import { network, node, smallClassifier, someFloats } from '../../tests/fixtures/onnx-builder.ts';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import { type GradientSession, openGradient } from '../model/gradient-session.ts';
import { compileGradient } from '../onnx/compile-gradient.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { smoothGrad } from './smooth-grad.ts';

const picture = Float32Array.from({ length: 16 }, (_, index) => Math.cos(index * 1.3));
const nothing = new Float32Array(16);
const second = Float32Array.of(0, 1, 0);

async function open(model: Uint8Array, batch: number): Promise<GradientSession> {
  const compiled = compileGradient(model, {
    output: 'y',
    wantLayer: false,
    wantInput: true,
    inputDims: [batch, 1, 4, 4],
  });
  return openGradient(compiled, await nativeRuntime());
}

it('adds up to the difference between picture and baseline, the better the more steps', async () => {
  const session = await open(smallClassifier(), 4);
  const gaps: number[] = [];
  for (const steps of [2, 16, 128]) {
    const { attributions, difference, completenessGap } = await integratedGradients(
      session,
      picture,
      nothing,
      second,
      steps,
    );
    const sum = attributions.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - difference) / Math.abs(difference)).toBeCloseTo(completenessGap, 6);
    gaps.push(completenessGap);
  }
  expect(gaps[2]).toBeLessThan(0.01);
  expect(gaps[2]).toBeLessThan(gaps[0]!);
});

it('is exact on a linear network, with one step: weight times input', async () => {
  const weights = someFloats([1, 1, 4, 4]);
  const linear = network({ nodes: [node('Conv', ['x', 'kernel'], 'y')], constants: { kernel: weights } });
  const session = await open(linear, 1);
  const { attributions, completenessGap } = await integratedGradients(
    session,
    picture,
    nothing,
    Float32Array.of(1),
    1,
  );
  const kernel = new Float32Array(weights.bytes.buffer);
  // Float32 sums of 16 products.
  for (const [index, value] of attributions.entries())
    expect(value).toBeCloseTo(kernel[index]! * picture[index]!, 6);
  expect(completenessGap).toBeLessThan(1e-5);
});

it.each([1, 3, 4, 16])('gives the same whatever the batch is (%i)', async (batch) => {
  const one = await integratedGradients(await open(smallClassifier(), 1), picture, nothing, second, 10);
  const other = await integratedGradients(await open(smallClassifier(), batch), picture, nothing, second, 10);
  for (const [index, value] of one.attributions.entries()) {
    expect(other.attributions[index]).toBeCloseTo(value, 6);
  }
});

it('attributes nothing to a picture that is its own baseline', async () => {
  const found = await integratedGradients(await open(smallClassifier(), 4), picture, picture, second, 4);
  expect(found).toMatchObject({ difference: 0, completenessGap: 0 });
});

it('is repeated to the bit by SmoothGrad, whose noise is always the same', async () => {
  const session = await open(smallClassifier(), 4);
  const [first, again] = [
    await smoothGrad(session, picture, second, 6),
    await smoothGrad(session, picture, second, 6),
  ];
  expect(first).toEqual(again);
  expect(first.some((slope) => slope !== 0)).toBe(true);
});
