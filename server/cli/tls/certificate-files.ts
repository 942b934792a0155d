import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { certificateNames } from '../../tls/certificate-names.ts';
import type { KeyPair } from '../../tls/make-certificates.ts';
import { fileProblem } from '../file-problem.ts';

/** The files of a folder of certificates. */
export const fileNames = {
  authority: 'clinic-ca.crt',
  authorityKey: 'clinic-ca.key',
  server: 'hub.crt',
  serverKey: 'hub.key',
} as const;

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw fileProblem(path, cause);
  }
}

/** Whole or not at all; a key for its owner alone from the first byte on. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(part, 'wx', mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(part, path);
  } catch (cause) {
    throw fileProblem(path, cause);
  } finally {
    await rm(part, { force: true });
  }
}

/** Undefined where there is none yet. @throws AppError `usage.file-problem` */
export async function readAuthority(folder: string): Promise<KeyPair | undefined> {
  const certificate = await textOf(join(folder, fileNames.authority));
  const key = await textOf(join(folder, fileNames.authorityKey));
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  // A new one would have to be brought to every device again; that is not for us to decide.
  const message = `${folder} holds only one of ${fileNames.authority} and ${fileNames.authorityKey}. Put the other one back, or name another folder.`;
  throw new AppError('usage.file-problem', message);
}

/** Of the certificate that is there. */
export async function serverNames(folder: string): Promise<readonly string[]> {
  const certificate = await textOf(join(folder, fileNames.server));
  return certificate === undefined ? [] : certificateNames(certificate);
}

/** @throws AppError `usage.file-problem` */
export async function writeAuthority(folder: string, { certificate, key }: KeyPair): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw fileProblem(folder, cause);
  });
  // The key first: a certificate without one would be trusted for nothing.
  await replace(join(folder, fileNames.authorityKey), key, 0o600);
  await replace(join(folder, fileNames.authority), certificate, 0o644);
}

/** @throws AppError `usage.file-problem` */
export async function writeServer(folder: string, { certificate, key }: KeyPair): Promise<void> {
  await replace(join(folder, fileNames.serverKey), key, 0o600);
  await replace(join(folder, fileNames.server), certificate, 0o644);
}
