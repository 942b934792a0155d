import { prettifyError } from 'zod';
import { AppError, describeThrown } from '../kernel/errors.ts';
import type { Sha256 } from '../kernel/hash.ts';
import { Golden } from './golden.ts';
import { ModelManifest } from './manifest.ts';
import { checkReference, type ReferenceCheckPassed } from './reference-check.ts';
import type { ModelSession, StartSession } from './session.ts';

/** The files of `models/NAME/`, as they lie on disk or came over the network: not trusted. */
export interface ModelFiles {
  readonly manifest: unknown;
  readonly golden: unknown;
  readonly onnx: Uint8Array;
}

/** A model that may be used: its weights are the ones its manifest names, and its runtime has repeated the reference. */
export interface LoadedModel<Manifest extends ModelManifest = ModelManifest> {
  readonly manifest: Manifest;
  readonly session: ModelSession;
  readonly check: ReferenceCheckPassed;
  /** Runtimes that were tried before and turned down, with the reason. */
  readonly rejected: readonly string[];
}

/**
 * Verifies the files and starts the first runtime that passes the reference check.
 * @param runtimes in order of preference, at least one
 * @throws AppError `model.bad-manifest`, `model.hash-mismatch`, or `model.check-failed` when no runtime computes correctly
 */
export async function loadModel(
  files: ModelFiles,
  runtimes: readonly StartSession[],
  sha256: Sha256,
): Promise<LoadedModel> {
  const manifest = ModelManifest.safeParse(files.manifest);
  if (!manifest.success) {
    throw new AppError('model.bad-manifest', prettifyError(manifest.error), { cause: manifest.error });
  }
  const golden = Golden.safeParse(files.golden);
  if (!golden.success)
    throw new AppError('model.bad-manifest', prettifyError(golden.error), { cause: golden.error });

  const { name, sha256: expectedHash, input, outputs } = manifest.data;
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

  const rejected: string[] = [];
  for (const start of runtimes) {
    let session: ModelSession;
    try {
      session = await start({ bytes: files.onnx, inputName: input.name, outputNames });
    } catch (cause) {
      rejected.push(describeThrown(cause));
      continue;
    }
    const check = await checkReference(session, input.shape, golden.data);
    if (check.passed) return { manifest: manifest.data, session, check, rejected };
    rejected.push(`${session.runtime.name} (${session.runtime.backend}): ${check.reason}`);
    // What cannot be released is lost; the next runtime must have its turn all the same.
    await session.release().catch(() => undefined);
  }
  throw new AppError('model.check-failed', `${name}: ${rejected.join('; ')}`, { details: { rejected } });
}
