import { type FileKind, fileKind, headBytes } from '../../../shared/imaging/file-kind.ts';
import { describeThrown } from '../../../shared/kernel/errors.ts';

/** A file and the way to it from the folder that was chosen or dropped. */
export interface FoundFile {
  readonly file: File;
  readonly path: string;
}

/** What came of a choice of files and folders. */
export interface Found {
  readonly pictures: readonly FoundFile[];
  readonly archives: readonly FoundFile[];
  /** DICOMDIR files in folders. One that came by itself has no folder that could be opened, and is a problem. */
  readonly lists: readonly FoundFile[];
  /** Files found in folders that are no pictures. */
  readonly leftOut: number;
  /** What could not be opened, each with the reason. One closed file does not end the rest. */
  readonly problems: readonly string[];
}

/** Sorts files that were chosen one by one: each counts, whatever it is. */
export async function filesOutright(files: Iterable<File>): Promise<Found> {
  const collector = createCollector();
  for (const file of files) await collector.consider(file.name, () => Promise.resolve(file), true);
  return collector.found();
}

/** Sorts the files of a folder that was chosen: only pictures, archives and lists count. */
export async function filesOfFolder(files: Iterable<File>): Promise<Found> {
  const collector = createCollector();
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    await collector.consider(path, () => Promise.resolve(file), false);
  }
  return collector.found();
}

/** Walks what was dropped. A file that was dropped by itself always counts; what it is, is found out when it is read. */
export async function collectDropped(
  entries: readonly FileSystemEntry[],
  files: readonly File[] = [],
): Promise<Found> {
  const collector = createCollector();

  async function visit(entry: FileSystemEntry, isOutright: boolean): Promise<void> {
    const path = entry.fullPath.replace(/^\//, '');
    if (isFile(entry)) {
      const open = (): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));
      await collector.consider(path, open, isOutright);
    } else if (isFolder(entry)) {
      await collector.guard(path, async () => {
        for await (const child of childrenOf(entry)) await visit(child, false);
      });
    }
  }

  for (const entry of entries) await visit(entry, true);
  for (const file of files) await collector.consider(file.name, () => Promise.resolve(file), true);
  return collector.found();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** `readEntries` gives a part (Chromium: 100) at each call, and nothing at the end. */
async function* childrenOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    yield* part;
  }
}

/** A file that cannot be opened is a picture as far as anybody knows; opening it again will say why. */
async function kindOf(file: File): Promise<FileKind> {
  try {
    return fileKind(file.name, new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  } catch {
    return 'picture';
  }
}

const aloneSentence = 'is only a list of pictures. Choose the folder that it lies in.';

function createCollector() {
  const pictures: FoundFile[] = [];
  const archives: FoundFile[] = [];
  const lists: FoundFile[] = [];
  const problems: string[] = [];
  let leftOut = 0;

  async function guard(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      problems.push(`${path}: ${describeThrown(error)}`);
    }
  }

  function sort(found: FoundFile, kind: FileKind, outright: boolean): void {
    if (kind === 'archive') archives.push(found);
    else if (kind === 'dicomdir' && outright) problems.push(`${found.path} ${aloneSentence}`);
    else if (kind === 'dicomdir') lists.push(found);
    else if (kind === 'picture' || outright) pictures.push(found);
    else leftOut += 1;
  }

  return {
    guard,
    consider: (path: string, open: () => Promise<File>, outright: boolean) =>
      guard(path, async () => {
        const file = await open();
        sort({ file, path }, await kindOf(file), outright);
      }),
    found: (): Found => ({ pictures, archives, lists, leftOut, problems }),
  };
}
