import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function tempFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'fieldray-blobs-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** All files below a folder, with their bytes one after the other. */
export async function everythingIn(folder: string): Promise<{ names: string[]; bytes: Buffer }> {
  const names: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if ((await stat(join(folder, name))).isFile()) names.push(name);
  }
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return { names, bytes: Buffer.concat(contents) };
}
