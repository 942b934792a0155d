import { readFile, writeFile } from 'node:fs/promises';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';

/** Nothing is ever replaced; the same content again is what was asked for. @throws AppError `usage.*` */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'))
      throw fileProblem(path, cause);
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(bytes) === true) return;
    throw new AppError('usage.would-overwrite', `"${path}" is there already, with another content.`, {
      cause,
    });
  }
}
