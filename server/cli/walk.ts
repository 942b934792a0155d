import type { Dirent } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { detectFormat } from '../../shared/imaging/image-format.ts';
import { fileProblem } from './file-problem.ts';

/** One file to read. */
export interface FoundFile {
  /** As walked: the PATH given, then the way from there. */
  readonly path: string;
  /** Relative to the PATH given; the base name when the file itself was given. Parts are separated by `/`. */
  readonly relative: string;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  /** Files met while walking that are no images. */
  readonly skipped: number;
}

const imageExtension = /\.(dcm|dicom|dic|jpe?g|png)$/i;
/** Enough for every signature, and for a DICOM data set without preamble. */
const headBytes = 4096;

/**
 * Collects what is to be read: a file named outright always, a file in a folder when its content or its extension says
 * image. Folders in order of name; links to files are followed, links to folders are not (they can form circles).
 * @throws AppError `usage.file-problem` when a PATH does not exist or cannot be listed
 */
export async function walk(paths: readonly string[]): Promise<Walk> {
  const files: FoundFile[] = [];
  let skipped = 0;

  async function visitFolder(folder: string, relative: string): Promise<void> {
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      if (relative === '') throw fileProblem(folder, cause);
      // One closed room does not end the walk, and it is not passed over in silence: it is refused as unreadable.
      files.push({ path: folder, relative });
      return;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      const inside = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await visitFolder(path, inside);
      else if (await isImage(path, entry)) files.push({ path, relative: inside });
      else skipped += 1;
    }
  }

  for (const given of paths) {
    const isFolder = await isDirectory(given);
    if (isFolder) await visitFolder(given.replace(/(?<=.)\/+$/, ''), '');
    else files.push({ path: given, relative: basename(given) });
  }
  return { files, skipped };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    // A link that leads nowhere was named outright: it is there, and it is refused as unreadable.
    const isLink = await lstat(path).then(
      (status) => status.isSymbolicLink(),
      () => false,
    );
    if (isLink) return false;
    throw fileProblem(path, cause);
  }
}

async function isImage(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isFile() && !entry.isSymbolicLink()) return false;
  const status = await stat(path).catch(() => undefined);
  // A broken link counts only if its name promises an image; a file whose name cannot be used is refused, not lost.
  if (status === undefined) return entry.isFile() || imageExtension.test(entry.name);
  // Pipes and devices behind links would block.
  if (!status.isFile()) return false;
  if (imageExtension.test(entry.name)) return true;
  const start = await head(path);
  return start === undefined || detectFormat(start) !== undefined;
}

/** Undefined when the file cannot be read: nobody knows then that it is no image. */
async function head(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  }
}
