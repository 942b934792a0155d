import { orderByList } from '../../../shared/imaging/order-by-list.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { IncomingFile } from '../../data/incoming-file.ts';
import type { ArchiveClient } from '../../engine/archive-client.ts';
import type { Found, FoundFile } from './dropped-files.ts';

/** What is to be added, in order. */
export interface Collected {
  readonly files: readonly IncomingFile[];
  /** Files and entries of archives that are no pictures. */
  readonly leftOut: number;
  readonly problems: readonly string[];
}

/**
 * The pictures in the order of their lists, then the archives entry by entry. An entry is opened when its turn comes. What a
 * list names and nobody finds is a file, too, one that says so; and so is an archive that cannot be opened.
 */
export async function openContainers(found: Found, archives: ArchiveClient): Promise<Collected> {
  let pictures: readonly FoundFile[] = found.pictures;
  const missing: IncomingFile[] = [];
  for (const list of found.lists) {
    const folder = list.path.slice(0, list.path.lastIndexOf('/') + 1);
    const names = await archives.listed(list.file);
    const ordered = orderByList(
      pictures,
      ({ path }) => path,
      names.map((name) => folder + name),
    );
    pictures = ordered.ordered;
    missing.push(...ordered.missing.map((name) => failing(name, new AppError('image.missing', list.path))));
  }
  const files: IncomingFile[] = [...pictures.map(({ file }) => file), ...missing];
  let { leftOut } = found;
  for (const { file } of found.archives) {
    const opened = await openArchive(file, archives);
    files.push(...opened.files);
    leftOut += opened.leftOut;
  }
  return { files, leftOut, problems: found.problems };
}

async function openArchive(
  file: File,
  archives: ArchiveClient,
): Promise<Pick<Collected, 'files' | 'leftOut'>> {
  const named = (name: string): string => `${file.name} › ${name}`;
  try {
    const { entries, skipped, missing } = await archives.pictures(file);
    const files: IncomingFile[] = [
      ...entries.map((entry) => ({
        name: named(entry.name),
        size: entry.bytes,
        arrayBuffer: () => archives.entry(file, entry),
      })),
      ...missing.map((name) => failing(named(name), new AppError('image.missing', 'listed in the archive'))),
    ];
    if (files.length === 0) throw new AppError('image.archive-empty', `${skipped} other files`);
    return { files, leftOut: skipped };
  } catch (error) {
    return { files: [failing(file.name, error)], leftOut: 0 };
  }
}

function failing(name: string, error: unknown): IncomingFile {
  return { name, size: 0, arrayBuffer: () => Promise.reject(error) };
}
