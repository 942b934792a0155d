import { access, constants, mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { detectFormat } from '../../shared/imaging/image-format.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { overlayMethods } from '../inference/read-image.ts';
import { fileProblem } from './file-problem.ts';
import { outputName } from './output-names.ts';
import type { ReadOptions } from './read-options.ts';
import type { FoundFile } from './walk.ts';

/**
 * Everything that `read` would write is looked at before anything is read: folders are made and must be writable, and no
 * output may be an input, an image, or another output. X-rays are not replaceable.
 * @param containers archives and lists from which the images come
 * @throws AppError `usage.would-overwrite`, `usage.file-problem`
 */
export async function checkOutputs(
  files: readonly FoundFile[],
  options: ReadOptions,
  containers: readonly FoundFile[] = [],
): Promise<void> {
  const { csv, json, overlayDir, masksDir } = options;
  for (const folder of [overlayDir, masksDir]) if (folder !== undefined) await makeWritable(folder);

  const owners = new Map<string, string>();
  for (const { path } of files) owners.set(await canonical(path), `the image ${path}`);
  for (const { path } of containers) owners.set(await canonical(path), `the file ${path}`);
  const claim = async (path: string, owner: string): Promise<void> => {
    const place = await canonical(path);
    const other = owners.get(place);
    if (other !== undefined) {
      throw new AppError('usage.would-overwrite', `${owner} would be written over ${other}.`);
    }
    owners.set(place, owner);
  };

  for (const [option, path] of Object.entries({ csv, json })) {
    if (path === undefined) continue;
    await claim(path, `the --${option} file ${path}`);
    if (await isImageFile(path))
      throw new AppError('usage.would-overwrite', `--${option} ${path} is an image.`);
  }
  for (const { path, relative } of files) {
    const kinds = overlayMethods(options).map(({ name }) => [name, overlayDir] as const);
    for (const [kind, folder] of [...kinds, ['mask', masksDir] as const]) {
      if (folder !== undefined)
        await claim(join(folder, outputName(relative, kind)), `the ${kind} of ${path}`);
    }
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw fileProblem(folder, cause);
  }
}

/** The same place has one name, whatever links lead there; of a file that does not exist yet the folder counts. */
async function canonical(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
    return join(folder, basename(path));
  }
}

async function isImageFile(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096), 0, 4096, 0);
    return detectFormat(buffer.subarray(0, bytesRead)) !== undefined;
  } catch {
    return false;
  }
}
