import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { type MasterKeySettings, masterKeyPath, readMasterKeyLines } from './master-key-file.ts';
import { masterKeyBytes } from './master-key.ts';

/** Puts another text into the place of a file's text: durably, and all of it or nothing. */
export type ReplaceFile = (path: string, text: string) => Promise<void>;

async function writeBeside(path: string, fresh: string, text: string): Promise<void> {
  const { uid, gid } = await stat(path);
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(text);
    const made = await file.stat();
    // A command that the system's administrator gives must not take the file from the account that runs the hub.
    if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  const folder = await open(dirname(path), 'r');
  // Some platforms cannot sync a folder; they keep the name themselves.
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** @throws AppError `storage.full`, `usage.file-problem` */
export async function replaceKeyFile(path: string, text: string): Promise<void> {
  // A link stays one.
  const target = await realpath(path);
  const fresh = `${target}.new`;
  try {
    await writeBeside(target, fresh, text);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const isFull = cause instanceof Error && 'code' in cause && /^(ENOSPC|EDQUOT)$/.test(String(cause.code));
    const message = `The master key's file ${path} cannot be replaced: ${describeThrown(cause)}`;
    throw new AppError(isFull ? 'storage.full' : 'usage.file-problem', message, { cause });
  }
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line.trim()}\n`).join('');

/**
 * Puts a new key before the others. Where older ones are there already a rotation was begun, and goes on with the key that
 * stands first: a further one would never be the last.
 * @throws AppError `usage.invalid` for a file that cannot be used, `storage.full`, `usage.file-problem`
 */
export async function beginRotation(
  settings: MasterKeySettings,
  replace: ReplaceFile,
): Promise<'begun' | 'goes on'> {
  const lines = (await readMasterKeyLines(settings)) ?? [];
  if (lines.length > 1) return 'goes on';
  const made = randomBytes(masterKeyBytes).toString('base64');
  await replace(masterKeyPath(settings), textOf([made, ...lines]));
  return 'begun';
}

/** Leaves the present key alone. @throws AppError as `beginRotation` */
export async function endRotation(settings: MasterKeySettings, replace: ReplaceFile): Promise<void> {
  const lines = (await readMasterKeyLines(settings)) ?? [];
  if (lines.length > 1) await replace(masterKeyPath(settings), textOf(lines.slice(0, 1)));
}
