import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';

/** Whole or not at all. Nothing is ever replaced; the same content again is what was asked for. @throws AppError `usage.*` */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes, { flag: 'wx' });
    await giveName(part, path);
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw fileProblem(path, cause);
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(bytes) === true) return;
    throw new AppError('usage.would-overwrite', `"${path}" is there already, with another content.`, {
      cause,
    });
  } finally {
    await rm(part, { force: true });
  }
}

/** A second name is refused where the first is taken; disks that know no second names (FAT) keep the place with an empty file. */
async function giveName(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (cause) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(cause))) throw cause;
    const place = await open(path, 'wx');
    await place.close();
    await rename(part, path);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
