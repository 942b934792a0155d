import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pageParcels } from './page-parcels.ts';

const modelsDir = fileURLToPath(new URL('../../models', import.meta.url));

describe('the parcels of the page', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-parcels-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are every model with its manifest and reference values, and both runtimes', async () => {
    const names = (await pageParcels(modelsDir)).map(({ parcel }) => parcel.name);
    expect(names).toEqual([
      'models/cxr-lungs/manifest.json',
      'models/cxr-lungs/golden.json',
      'models/cxr-lungs/model.onnx',
      'models/cxr-pneumonia/manifest.json',
      'models/cxr-pneumonia/golden.json',
      'models/cxr-pneumonia/model.onnx',
      'runtime/ort-wasm-simd-threaded.wasm',
      'runtime/ort-wasm-simd-threaded.asyncify.wasm',
    ]);
  });

  it('cannot be made when the weights are not those of the manifest', async () => {
    const model = join(folder, 'cxr-lungs');
    await cp(join(modelsDir, 'cxr-lungs'), model, { recursive: true });
    const weights = await readFile(join(model, 'model.onnx'));
    weights[1000]! ^= 1;
    await writeFile(join(model, 'model.onnx'), weights);
    await expect(pageParcels(folder)).rejects.toThrow('model.onnx is not the file of its manifest');
  });

  it('cannot be made without a model', async () => {
    await expect(pageParcels(folder)).rejects.toThrow('no model in');
  });
});
