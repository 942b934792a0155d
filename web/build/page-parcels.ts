import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ModelManifest } from '../../shared/model/manifest.ts';
import { type CutParcel, cutParcel } from './cut-parcel.ts';

/** The page's large files, cut. `modelsDir` holds one folder for each model; every folder with a manifest is one. */
export async function pageParcels(modelsDir: string): Promise<CutParcel[]> {
  const manifests = globSync('*/manifest.json', { cwd: modelsDir }).toSorted();
  if (manifests.length === 0) throw new Error(`no model in ${modelsDir}`);
  const models = await Promise.all(manifests.map((path) => modelParcels(join(modelsDir, dirname(path)))));
  return [...models.flat(), ...(await runtimeParcels())];
}

/** The weights must be those that the manifest describes: every device would refuse them otherwise. */
async function modelParcels(folder: string): Promise<CutParcel[]> {
  const manifest = ModelManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const { name, file, sha256, bytes } = manifest;
  const cut = (path: string) => readAndCut(`models/${name}/${path}`, join(folder, path));
  const weights = await cut(file);
  if (weights.parcel.sha256 !== sha256 || weights.parcel.bytes !== bytes) {
    throw new Error(
      `${join(folder, file)} is not the file of its manifest: ${weights.parcel.sha256}, ${weights.parcel.bytes} bytes`,
    );
  }
  return [await cut('manifest.json'), await cut('golden.json'), weights];
}

/** The second one also drives WebGPU. */
function runtimeParcels(): Promise<CutParcel[]> {
  const { resolve } = createRequire(import.meta.url);
  return Promise.all(
    ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm'].map((file) =>
      readAndCut(`runtime/${file}`, resolve(`onnxruntime-web/${file}`)),
    ),
  );
}

async function readAndCut(name: string, path: string): Promise<CutParcel> {
  return cutParcel(name, await readFile(path));
}
