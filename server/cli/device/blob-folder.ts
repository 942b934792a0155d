import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { BlobSource } from '../../../shared/log/blob-hub.ts';
import type { BlobRef } from '../../../shared/log/device-store.ts';
import { type BlobFiles, diskFiles } from '../../blobs/disk-files.ts';
import type { Sealer } from '../../keys/sealer-api.ts';
import { fileProblem } from '../file-problem.ts';

const place = (sha256: string): string => `device.blobs\n${sha256}\n1`;
const pathOf = (home: string, sha256: string): string => join(home, 'blobs', sha256);

/** Keeps the bytes of a picture, sealed, before an entry speaks of them: also when the power fails right behind it. */
export async function keepBlob(
  home: string,
  sealer: Pick<Sealer, 'seal'>,
  sha256: string,
  bytes: Uint8Array,
  files: Pick<BlobFiles, 'create' | 'rename'> = diskFiles(),
): Promise<void> {
  const path = pathOf(home, sha256);
  try {
    await files.create(`${path}.next`, sealer.seal(bytes, place(sha256)));
    await files.rename(`${path}.next`, path);
  } catch (cause) {
    throw cause instanceof AppError ? cause : fileProblem(path, cause);
  }
}

export async function hasBlob(home: string, sha256: string): Promise<boolean> {
  return access(pathOf(home, sha256)).then(
    () => true,
    () => false,
  );
}

/** A kept picture, as it is sent. @throws AppError `storage.sealed` for one that was altered */
export async function keptBlob(
  home: string,
  sealer: Pick<Sealer, 'open'>,
  { sha256, bytes: size, type }: BlobRef,
): Promise<BlobSource> {
  const path = pathOf(home, sha256);
  const sealed = await readFile(path).catch((cause: unknown) => {
    throw fileProblem(path, cause);
  });
  const bytes = sealer.open(sealed, place(sha256));
  return { sha256, size, type, bytes: async (from, to) => bytes.subarray(from, to) };
}
