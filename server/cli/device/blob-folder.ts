import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobSource } from '../../../shared/log/blob-hub.ts';
import type { BlobRef } from '../../../shared/log/device-store.ts';
import type { Sealer } from '../../keys/sealer-api.ts';
import { fileProblem } from '../file-problem.ts';

const place = (sha256: string): string => `device.blobs\n${sha256}\n1`;
const pathOf = (home: string, sha256: string): string => join(home, 'blobs', sha256);

/** Keeps the bytes of a picture, sealed, before an entry speaks of them. */
export async function keepBlob(
  home: string,
  sealer: Pick<Sealer, 'seal'>,
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  const path = pathOf(home, sha256);
  try {
    await mkdir(join(home, 'blobs'), { recursive: true, mode: 0o700 });
    const file = await open(`${path}.next`, 'w', 0o600);
    try {
      await file.writeFile(sealer.seal(bytes, place(sha256)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.next`, path);
  } catch (cause) {
    throw fileProblem(path, cause);
  }
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
