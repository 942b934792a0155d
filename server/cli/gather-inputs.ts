import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { archivePictures } from '../../shared/imaging/archive/archive-pictures.ts';
import { listedFiles } from '../../shared/imaging/dicomdir.ts';
import { orderByList } from '../../shared/imaging/order-by-list.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { openFileSource } from '../inference/file-source.ts';
import type { ReadSource } from '../inference/pool-api.ts';
import { type FoundFile, type FoundList, type Walk, walk } from './walk.ts';

/** One reading to be: `path` is what it is called, `source` where its bytes are. */
export interface Input extends FoundFile {
  readonly source: ReadSource;
}

export interface Gathered {
  readonly inputs: readonly Input[];
  /** Files and entries of archives that are no images. */
  readonly skipped: number;
}

/**
 * Everything that was found, as readings: the files in the order of their lists, then the archives entry by entry. What a
 * list names and nobody finds is a reading, too, one that says so.
 */
export async function gatherInputs(found: Walk): Promise<Gathered> {
  let inputs: Input[] = found.files.map((file) => ({ ...file, source: { path: file.path } }));
  let { skipped } = found;
  for (const list of found.lists) {
    const names = await namesIn(list);
    if (list.outright) inputs.push(...(await listedInputs(list, names)));
    else inputs = inListOrder(inputs, list, names);
  }
  for (const archive of found.archives) {
    const opened = await openArchive(archive);
    inputs.push(...opened.inputs);
    skipped += opened.skipped;
  }
  return { inputs, skipped };
}

/** A damaged list gives no order; the pictures are read all the same. */
async function namesIn({ path, outright }: FoundList): Promise<readonly string[]> {
  try {
    return listedFiles(await readFile(path));
  } catch (cause) {
    if (outright) throw new AppError('usage.file-problem', `The list "${path}" is damaged.`, { cause });
    return [];
  }
}

const folderOf = (list: FoundList): string => `${dirname(list.path)}/`;

function inListOrder(inputs: readonly Input[], list: FoundList, names: readonly string[]): Input[] {
  const folder = folderOf(list);
  const inside = inputs.filter(({ path }) => path.startsWith(folder));
  const { ordered, missing } = orderByList(inside, ({ path }) => path.slice(folder.length), names);
  const first = inputs.findIndex((input) => inside.includes(input));
  const others = inputs.filter((input) => !inside.includes(input));
  const at = first === -1 ? others.length : first;
  return [...others.slice(0, at), ...ordered, ...missingInputs(list, missing), ...others.slice(at)];
}

/** Only what was found by walking the list's folder is opened, whatever the list says. */
async function listedInputs(list: FoundList, names: readonly string[]): Promise<Input[]> {
  const folder = folderOf(list);
  const { files } = await walk([folder]);
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const { ordered, missing } = orderByList(files, ({ relative }) => relative, names);
  return [
    ...ordered
      .filter(({ relative }) => wanted.has(relative.toLowerCase()))
      .map((file): Input => ({ ...file, source: { path: file.path } })),
    ...missingInputs(list, missing),
  ];
}

/** Their names were written by whoever wrote the list; as names of output files they are harmless. */
function missingInputs({ path, relative }: FoundFile, names: readonly string[]): Input[] {
  return names.map((name) => ({
    path: `${path} › ${name}`,
    relative: `${relative}/${name.replaceAll(/[^\w-]+/g, '_')}`,
    source: { problem: 'image.missing', detail: 'listed in the DICOMDIR' },
  }));
}

async function openArchive(archive: FoundFile): Promise<Gathered> {
  const { path, relative } = archive;
  try {
    await using source = await openFileSource(path);
    const { entries, skipped, missing } = await archivePictures(source);
    const inputs = entries.map((entry): Input => ({
      path: `${path} › ${entry.name}`,
      relative: `${relative}/${entry.name}`,
      source: { path, entry },
    }));
    if (inputs.length + missing.length === 0)
      throw new AppError('image.archive-empty', `${skipped} other files`);
    return { inputs: [...inputs, ...missingInputs(archive, missing)], skipped };
  } catch (cause) {
    const problem = cause instanceof AppError ? cause.code : 'image.unreadable';
    return { inputs: [{ path, relative, source: { problem, detail: describeThrown(cause) } }], skipped: 0 };
  }
}
