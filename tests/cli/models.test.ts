import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { ModelManifest } from '../../shared/model/manifest.ts';
import { network, node, smallClassifier } from '../fixtures/onnx-builder.ts';
import { runFieldray } from '../fixtures/run-fieldray.ts';

let root = '';
const inRoot = (name: string): string => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldray-models-'));
  await writeFile(inRoot('small.onnx'), smallClassifier());
  const unknown = [node('Relu', ['x'], 'r'), node('LSTM', ['r'], 'y')];
  await writeFile(inRoot('unknown.onnx'), network({ nodes: unknown }));
  await writeFile(inRoot('half.onnx'), smallClassifier().subarray(0, 100));
  await writeFile(inRoot('text.onnx'), 'not a network');
});
afterAll(() => rm(root, { recursive: true }));

describe('npx fieldray models check', () => {
  it('says what is possible, where, and whether it is right', async () => {
    const { status, stdout, stderr } = await runFieldray('models', 'check', inRoot('small.onnx'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('29 parameters');
    expect(stdout).toContain('Operators: Conv 1, Flatten 1, Gemm 1, GlobalAveragePool 1, Relu 1');
    expect(stdout).toMatch(/Grad-CAM, HiResCAM, LayerCAM: possible, at features, 1×2×4×4/);
    expect(stdout).toMatch(/Integrated gradients, SmoothGrad: possible, for an input of 1×1×4×4/);
    expect(stdout.match(/compiled to [\d.]+ MB in [\d.]+ s; agrees with finite differences/g)).toHaveLength(
      2,
    );
  });

  it('takes a layer and a size', async () => {
    const options = ['--layer', 'convolved', '--input', '2,1,4,4'];
    const { status, stdout } = await runFieldray('models', 'check', inRoot('small.onnx'), ...options);
    expect(status).toBe(0);
    expect(stdout).toContain('at convolved, 2×2×4×4');
  });

  it('checks the models of this project', async () => {
    const path = join(bundledModelsDir, 'cxr-lungs', 'model.onnx');
    const { status, stdout } = await runFieldray('models', 'check', path);
    expect(status).toBe(0);
    expect(stdout.match(/Integrated gradients, SmoothGrad: possible/g)).toHaveLength(2);
  });

  it('names an operator without a rule and ends with 2', async () => {
    const { status, stdout } = await runFieldray('models', 'check', inRoot('unknown.onnx'));
    expect(status).toBe(2);
    expect(stdout).toContain('Without a gradient rule: LSTM');
    expect(stdout).toContain('LSTM (the LSTM, giving y)');
    expect(stdout).toContain('(onnx.no-rule)');
  });

  it.each([
    ['half.onnx', 'onnx.damaged'],
    ['text.onnx', 'onnx.damaged'],
    ['nowhere.onnx', 'usage.file-problem'],
  ])('refuses %s with %s', async (name, code) => {
    const { status, stdout, stderr } = await runFieldray('models', 'check', inRoot(name));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(code);
  });

  it.each([
    [['models']],
    [['models', 'chekc']],
    [['models', 'check']],
    [['models', 'check', 'a', '--input', '1,x']],
  ])('explains itself when the command is wrong: %s', async (args) => {
    const { status, stderr } = await runFieldray(...args);
    expect(status).toBe(1);
    expect(stderr).toContain('npx fieldray models check FILE.onnx');
  });
});

describe('npx fieldray models sanity', () => {
  it('judges the maps of the bundled model on phantoms', async () => {
    const { status, stdout } = await runFieldray('models', 'sanity', '--images', '2');
    expect(status).toBe(0);
    expect(stdout).toContain('Maps of cxr-pneumonia');
    expect(stdout).toMatch(/Grad-CAM +-?[\d.]+ (passed|FAILED) +\d+ % +\d+ % of \d+ %/);
    expect(stdout).toMatch(/Integrated gradients +.*[\d.]+ %$/m);
  }, 180_000);

  it('has been run on the bundled classifier, with these weights', async () => {
    const { default: file } = (await import(join(bundledModelsDir, 'cxr-pneumonia', 'manifest.json'), {
      with: { type: 'json' },
    })) as { default: unknown };
    const { explanationChecks, sha256 } = ModelManifest.parse(file);
    expect(explanationChecks?.map(({ modelSha256 }) => modelSha256)).toEqual(Array(7).fill(sha256));
  });
});
