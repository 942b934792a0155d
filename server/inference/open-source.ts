import { readFile, stat } from 'node:fs/promises';
import type { ZipEntry } from '../../shared/imaging/archive/zip-directory.ts';
import { readZipEntry } from '../../shared/imaging/archive/zip-entry.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { openFileSource } from './file-source.ts';
import type { ReadSource } from './pool-api.ts';

/** A file larger than this is no single X-ray; it is refused before it fills the memory. */
const maxFileBytes = 512 * 2 ** 20;

type Opened = { readonly bytes: Uint8Array } | { readonly problem: AppError };

/** The bytes of what was found, or why there are none (`image.*`). */
export async function openSource(source: ReadSource): Promise<Opened> {
  if ('bytes' in source) return source;
  if ('problem' in source) return { problem: new AppError(source.problem, source.detail) };
  return source.entry === undefined ? openFile(source.path) : openEntry(source.path, source.entry);
}

async function openEntry(path: string, entry: ZipEntry): Promise<Opened> {
  try {
    await using file = await openFileSource(path);
    return { bytes: await readZipEntry(file, entry) };
  } catch (cause) {
    if (cause instanceof AppError) return { problem: cause };
    return { problem: new AppError('image.unreadable', describeThrown(cause), { cause }) };
  }
}

async function openFile(path: string): Promise<Opened> {
  try {
    const status = await stat(path);
    // A pipe or a device may never end.
    if (!status.isFile()) return { problem: new AppError('image.unreadable', 'not an ordinary file') };
    if (status.size > maxFileBytes)
      return { problem: new AppError('image.too-large', `${status.size} bytes`) };
    return { bytes: await readFile(path) };
  } catch (cause) {
    return { problem: new AppError('image.unreadable', describeThrown(cause), { cause }) };
  }
}
