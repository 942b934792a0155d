import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { ModelFiles } from '../../shared/model/verify-model.ts';

export const bundledModelsDir = fileURLToPath(new URL('../../models', import.meta.url));

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AppError('model.bad-manifest', `${path}: ${describeThrown(cause)}`, { cause });
  }
}

/** @throws AppError `model.missing`, `model.bad-manifest` */
export async function readModelFiles(modelsDir: string, name: string): Promise<ModelFiles> {
  const folder = join(modelsDir, name);
  let onnx: Uint8Array;
  try {
    onnx = await readFile(join(folder, 'model.onnx'));
  } catch (cause) {
    throw new AppError('model.missing', `${folder}: ${describeThrown(cause)}`, { cause });
  }
  return {
    onnx,
    manifest: await readJson(join(folder, 'manifest.json')),
    golden: await readJson(join(folder, 'golden.json')),
  };
}
