import { prettifyError } from 'zod';
import { AppError } from '../kernel/errors.ts';
import type { Sha256 } from '../kernel/hash.ts';
import { Golden } from './golden.ts';
import { ModelManifest } from './manifest.ts';

/** The files of `models/NAME/`, as they lie on disk or came over the network: not trusted. */
export interface ModelFiles {
  readonly manifest: unknown;
  readonly golden: unknown;
  readonly onnx: Uint8Array;
}

/** A model whose files belong together: the weights are the ones that manifest and reference values are about. */
export interface VerifiedModel {
  readonly manifest: ModelManifest;
  readonly golden: Golden;
  readonly onnx: Uint8Array;
}

/** @throws AppError `model.bad-manifest`, `model.hash-mismatch` */
export async function verifyModel(files: ModelFiles, sha256: Sha256): Promise<VerifiedModel> {
  const manifest = ModelManifest.safeParse(files.manifest);
  if (!manifest.success) {
    throw new AppError('model.bad-manifest', prettifyError(manifest.error), { cause: manifest.error });
  }
  const golden = Golden.safeParse(files.golden);
  if (!golden.success)
    throw new AppError('model.bad-manifest', prettifyError(golden.error), { cause: golden.error });

  const { name, sha256: expectedHash, outputs } = manifest.data;
  const actualHash = await sha256(files.onnx);
  if (actualHash !== expectedHash || golden.data.modelSha256 !== expectedHash) {
    throw new AppError(
      'model.hash-mismatch',
      `${name}: weights are ${actualHash}, manifest says ${expectedHash}`,
    );
  }
  const outputNames = Object.values(outputs);
  for (const { outputs: expected } of golden.data.cases) {
    const unchecked = outputNames.filter((output) => !(output in expected));
    if (unchecked.length > 0) {
      throw new AppError('model.bad-manifest', `${name}: golden.json does not check ${unchecked.join(', ')}`);
    }
  }
  return { manifest: manifest.data, golden: golden.data, onnx: files.onnx };
}
