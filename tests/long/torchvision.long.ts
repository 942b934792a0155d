import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import { compileGradient } from '../../shared/onnx/compile-gradient.ts';
import { readCase } from '../conformance/gradients/case.ts';
import { differenceOf } from '../conformance/gradients/compare.ts';
import { exportNetworks, hasTorch, withoutTorch } from '../conformance/gradients/export-networks.ts';
import { answerGradients } from '../fixtures/answer-gradients.ts';

/**
 * Networks of torchvision at 224 × 224 against PyTorch. But for the transformers no layer is named, so that the compiler's choice
 * has to be the one that everybody makes. Compiling has to stay quick: it happens while somebody waits.
 */

const names =
  'resnet50 densenet121 efficientnet_b0 mobilenet_v3_large convnext_tiny vit_b_16 alexnet vgg16 vgg11_bn resnet18 resnet101 resnext50_32x4d wide_resnet50_2 densenet201 squeezenet1_0 googlenet inception_v3 mobilenet_v2 mobilenet_v3_small mnasnet1_0 shufflenet_v2_x1_0 regnet_x_400mf regnet_y_800mf efficientnet_b2 efficientnet_v2_s convnext_small swin_t maxvit_t vit_b_32'.split(
    ' ',
  );
const mostCompileMs = 1500;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-torchvision-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(!hasTorch)(`torchvision${hasTorch ? '' : `, skipped: ${withoutTorch}`}`, () => {
  it.each(names)(
    '%s gives the logits, maps and gradients of PyTorch',
    async (name) => {
      await exportNetworks(folder, [name]);
      const { expected, tolerance, ...question } = readCase(folder, name);
      const answers = await answerGradients(question, await nativeRuntime(2));
      const reached = [...expected].map(([array, reference]) => {
        const { passed, relativeL2, reason } = differenceOf(answers.get(array), reference, tolerance);
        return { array, passed, found: reason ?? relativeL2.toExponential(1) };
      });
      expect(reached.filter(({ passed }) => !passed)).toEqual([]);
      expect(reached).toHaveLength(5);
    },
    1_800_000,
  );

  it.each(names)('%s is compiled quickly, and by its layer as by default', (name) => {
    const { model, output, input } = readCase(folder, name);
    const request = { output, wantInput: true, inputDims: input.dims };
    const started = performance.now();
    const compiled = compileGradient(model, request);
    expect(performance.now() - started).toBeLessThan(mostCompileMs);
    const named = compileGradient(model, { ...request, layer: compiled.layer!.name });
    expect(Buffer.from(named.bytes).equals(compiled.bytes)).toBe(true);
  });
});
