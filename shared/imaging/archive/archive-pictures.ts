import { listedFiles } from '../dicomdir.ts';
import { fileKind, headBytes } from '../file-kind.ts';
import { orderByList } from '../order-by-list.ts';
import type { ByteSource } from './byte-source.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry, readZipEntryHead } from './zip-entry.ts';

export interface ArchivePictures {
  /** In the order of the DICOMDIR where there is one, else of the names. */
  readonly entries: readonly ZipEntry[];
  /** Entries that are no pictures. */
  readonly skipped: number;
  /** Names from a DICOMDIR for which there is no entry. */
  readonly missing: readonly string[];
}

/**
 * The entries of an archive that are to be read; nothing is inflated but their first bytes. An entry that cannot be read
 * is among them when its name promises a picture, or nothing else.
 * @throws AppError `image.archive-*`
 */
export async function archivePictures(source: ByteSource): Promise<ArchivePictures> {
  const all = (await readZipDirectory(source)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const pictures: ZipEntry[] = [];
  const lists: ZipEntry[] = [];
  for (const entry of all) {
    const head = await readZipEntryHead(source, entry, headBytes);
    const kind = fileKind(entry.name, head);
    if (kind === 'dicomdir') lists.push(entry);
    else if (kind !== 'other' || (head === undefined && !/\.[^/.]+$/.test(entry.name))) pictures.push(entry);
  }
  let entries: readonly ZipEntry[] = pictures;
  const missing: string[] = [];
  for (const list of lists) {
    const folder = list.name.slice(0, list.name.lastIndexOf('/') + 1);
    const names = await namesIn(source, list);
    const ordered = orderByList(
      entries,
      ({ name }) => name,
      names.map((name) => folder + name),
    );
    entries = ordered.ordered;
    missing.push(...ordered.missing);
  }
  return { entries, skipped: all.length - pictures.length - lists.length, missing };
}

/** A damaged list gives no order; the pictures are read all the same. */
async function namesIn(source: ByteSource, list: ZipEntry): Promise<readonly string[]> {
  try {
    return listedFiles(await readZipEntry(source, list));
  } catch {
    return [];
  }
}
