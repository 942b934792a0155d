import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../../../server/inference/node-runtimes.ts';
import type { StartSession } from '../../../shared/model/session.ts';
import { compileGradient } from '../../../shared/onnx/compile-gradient.ts';
import { answerGradients } from '../../fixtures/answer-gradients.ts';
import { caseNames, readCase } from './case.ts';
import { differenceOf } from './compare.ts';
import { exportNetworks, hasTorch, withoutTorch } from './export-networks.ts';

/**
 * Small networks of many families, opsets and exporter's settings, PyTorch's autograd as the reference. They are made when the
 * test runs, since they are many and their weights say nothing.
 */

let folder: string;
let start: StartSession;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-networks-'));
  start = await nativeRuntime();
});
afterAll(() => rm(folder, { recursive: true }));

/** Each part by a process of its own, two at a time. */
const halves = [
  ['families', 'half'],
  ['transformers', 'segmentation', 'activations', 'layers', 'tensors'],
];

async function differences(name: string): Promise<string[]> {
  const { expected, tolerance, ...question } = readCase(folder, name);
  const answers = await answerGradients(question, start);
  return [...expected].flatMap(([array, reference]) => {
    const { passed, relativeL2, reason } = differenceOf(answers.get(array), reference, tolerance);
    return passed ? [] : [`${name}: ${array} ${reason ?? relativeL2.toExponential(1)}`];
  });
}

describe.skipIf(!hasTorch)(`networks of many families${hasTorch ? '' : `, skipped: ${withoutTorch}`}`, () => {
  it('give the logits, maps and gradients of PyTorch', async () => {
    await Promise.all(halves.map((names) => exportNetworks(folder, names)));
    const names = caseNames(folder);
    const wrong: string[] = [];
    for (const name of names) wrong.push(...(await differences(name)));
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(80);
  }, 300_000);

  it('are refused where there is no rule, by the name of the operator', async () => {
    const refused = join(folder, 'refused');
    await exportNetworks(refused, ['refused']);
    const operators = await readdir(refused);
    for (const operator of operators) {
      const model = new Uint8Array(await readFile(join(refused, operator, 'model.onnx')));
      const compile = () =>
        compileGradient(model, {
          output: 'logits',
          layer: 'features',
          wantInput: true,
          inputDims: [1, 3, 32, 32],
        });
      expect(compile).toThrow(
        expect.objectContaining({ code: 'onnx.no-rule', message: expect.stringContaining(operator) }),
      );
    }
    expect(operators.length).toBe(3);
  }, 60_000);
});
