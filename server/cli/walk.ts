import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FileKind, fileKind, headBytes } from '../../shared/imaging/file-kind.ts';
import { openFileSource } from '../inference/file-source.ts';
import { fileProblem } from './file-problem.ts';

/** One file to read. */
export interface FoundFile {
  /** As walked: the PATH given, then the way from there. */
  readonly path: string;
  /** Relative to the PATH given; the base name when the file itself was given. Parts are separated by `/`. */
  readonly relative: string;
}

/** A list of pictures. */
export interface FoundList extends FoundFile {
  /** It was named outright, so that only what it lists is meant, not all of its folder. */
  readonly outright: boolean;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  /** ZIP files, not opened. */
  readonly archives: readonly FoundFile[];
  /** DICOMDIR files, not opened. */
  readonly lists: readonly FoundList[];
  /** Files met while walking that are no images. */
  readonly skipped: number;
}

/**
 * Collects what is to be read: a file named outright always, a file in a folder when its content or its extension says
 * image, archive or list. Folders in order of name; links to files are followed, links to folders are not (they can form circles).
 * @throws AppError `usage.file-problem` when a PATH does not exist or cannot be listed
 */
export async function walk(paths: readonly string[]): Promise<Walk> {
  const files: FoundFile[] = [];
  const archives: FoundFile[] = [];
  const lists: FoundList[] = [];
  let skipped = 0;

  function take(file: FoundFile, kind: FileKind, outright: boolean): void {
    if (kind === 'archive') archives.push(file);
    else if (kind === 'dicomdir') lists.push({ ...file, outright });
    else if (kind === 'picture' || outright) files.push(file);
    else skipped += 1;
  }

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
      else take({ path, relative: inside }, await kindInFolder(path, entry), false);
    }
  }

  for (const given of paths) {
    const isFolder = await isDirectory(given);
    if (isFolder) await visitFolder(given.replace(/(?<=.)\/+$/, ''), '');
    else take({ path: given, relative: basename(given) }, await kindOfContent(given), true);
  }
  return { files, archives, lists, skipped };
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

async function kindInFolder(path: string, entry: Dirent): Promise<FileKind> {
  if (!entry.isFile() && !entry.isSymbolicLink()) return 'other';
  const status = await stat(path).catch(() => undefined);
  // A broken link counts only if its name promises an image; a file whose name cannot be used is refused, not lost.
  if (status === undefined) return entry.isFile() ? 'picture' : fileKind(entry.name, undefined);
  // Pipes and devices behind links would block.
  return status.isFile() ? kindOfContent(path) : 'other';
}

/** A file that cannot be read counts as a picture: nobody knows that it is none. */
async function kindOfContent(path: string): Promise<FileKind> {
  const isOrdinary = await stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
  if (!isOrdinary) return 'picture';
  try {
    await using source = await openFileSource(path);
    return fileKind(path, await source.read(0, headBytes));
  } catch {
    return 'picture';
  }
}
