import { expect, it } from 'vitest';
import { smallClassifier } from '../../tests/fixtures/onnx-builder.ts';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import { compileGradient } from '../onnx/compile-gradient.ts';
import { checkGradient } from './gradient-check.ts';
import { type GradientAnswer, type GradientSession, openGradient } from './gradient-session.ts';
import type { Tensor } from './session.ts';

const picture = Float32Array.from({ length: 16 }, (_, index) => Math.cos(index * 1.3));

async function session(wantLayer: boolean, wantInput: boolean, batch = 1): Promise<GradientSession> {
  const compiled = compileGradient(smallClassifier(), {
    output: 'y',
    wantLayer,
    wantInput,
    inputDims: [batch, 1, 4, 4],
  });
  return openGradient(compiled, await nativeRuntime());
}

/** A runtime that answers, and is wrong. */
function changed(
  right: GradientSession,
  change: (answer: GradientAnswer) => GradientAnswer,
): GradientSession {
  return { ...right, run: async (...inputs) => change(await right.run(...inputs)) };
}
const scaled = (tensor: Tensor | undefined, factor: number): Tensor | undefined =>
  tensor && { ...tensor, data: tensor.data.map((value) => value * factor) };

it.each([
  [true, false, 1],
  [false, true, 1],
  [false, true, 3],
  [true, true, 2],
])('accepts a runtime that is right (layer %s, input %s, %i pictures)', async (layer, input, batch) => {
  await checkGradient(await session(layer, input, batch), picture);
});

it.each<[string, (answer: GradientAnswer) => GradientAnswer]>([
  ['doubles the gradient', (answer) => ({ ...answer, inputGradient: scaled(answer.inputGradient, 2) })],
  ['forgets it', (answer) => ({ ...answer, inputGradient: scaled(answer.inputGradient, 0) })],
  ['answers NaN', (answer) => ({ ...answer, inputGradient: scaled(answer.inputGradient, Number.NaN) })],
  [
    'turns it around',
    (answer) => ({
      ...answer,
      inputGradient: answer.inputGradient && {
        ...answer.inputGradient,
        data: answer.inputGradient.data.toReversed(),
      },
    }),
  ],
])('refuses a runtime that %s', async (_, change) => {
  await expect(checkGradient(changed(await session(false, true), change), picture)).rejects.toMatchObject({
    code: 'model.check-failed',
  });
});

it('refuses a runtime that is wrong about the layer alone', async () => {
  const wrong = changed(await session(true, false), (answer) => ({
    ...answer,
    activationGradient: scaled(answer.activationGradient, 1.5),
  }));
  await expect(checkGradient(wrong, picture)).rejects.toMatchObject({ code: 'model.check-failed' });
});
