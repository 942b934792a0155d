import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';
import type { DeidentifyCommand } from './deidentify-options.ts';

/**
 * Makes the folder for the new files. They belong in a room of their own, or nobody can tell them from the others, and the key
 * belongs in neither: who passes on one of the folders would pass on the key.
 * @throws AppError `usage.would-overwrite`, `usage.file-problem`
 */
export async function prepareOutput({
  input,
  outputDir,
  keyFile,
}: Pick<DeidentifyCommand, 'input' | 'outputDir' | 'keyFile'>): Promise<void> {
  const from = await realPath(input);
  refuseInside(await realPath(outputDir), from, `"${outputDir}" lies in what is read; name another folder.`);
  const key = await realPath(keyFile);
  refuseInside(key, from, `The key "${keyFile}" lies in what is read; keep it in another folder.`);
  const where = `The key "${keyFile}" lies in the folder that is written; keep it in another folder.`;
  refuseInside(key, await realPath(outputDir), where);
  try {
    await mkdir(outputDir, { recursive: true });
  } catch (cause) {
    throw fileProblem(outputDir, cause);
  }
}

function refuseInside(path: string, folder: string, message: string): void {
  if (path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
    throw new AppError('usage.would-overwrite', message);
}

/** Where a path leads through all links, also when its last parts are not there yet. */
async function realPath(path: string): Promise<string> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  try {
    return await realpath(absolute);
  } catch {
    return parent === absolute ? absolute : join(await realPath(parent), basename(absolute));
  }
}
