import { describeThrown } from '../../../shared/kernel/errors.ts';
import { detectFormat } from '../../../shared/imaging/image-format.ts';

/** What came of a choice of files and folders. */
export interface Collected {
  readonly files: readonly File[];
  /** Files found in folders that are no pictures. */
  readonly leftOut: number;
  /** What could not be opened, each with the reason. One closed file does not end the rest. */
  readonly problems: readonly string[];
}

const imageExtension = /\.(dcm|dicom|dic|jpe?g|png)$/i;
/** Enough for every signature, and for a DICOM data set without preamble. */
const headBytes = 4096;

/** A file in a folder counts when its name or its content says that it is a picture: DICOM often has no extension. */
async function isPicture(file: File): Promise<boolean> {
  if (imageExtension.test(file.name)) return true;
  return detectFormat(new Uint8Array(await file.slice(0, headBytes).arrayBuffer())) !== undefined;
}

/** Keeps the pictures among the files of a folder. */
export async function picturesAmong(files: Iterable<File>): Promise<Collected> {
  const collector = createCollector();
  for (const file of files) await collector.consider(file.name, () => Promise.resolve(file));
  return collector.collected();
}

/** Walks what was dropped. A file that was dropped by itself always counts; what it is, is found out when it is read. */
export async function collectDropped(entries: readonly FileSystemEntry[]): Promise<Collected> {
  const collector = createCollector();

  async function visit(entry: FileSystemEntry, isOutright: boolean): Promise<void> {
    const path = entry.fullPath.replace(/^\//, '');
    if (isFile(entry)) {
      const open = (): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));
      await (isOutright ? collector.take(path, open) : collector.consider(path, open));
    } else if (isFolder(entry)) {
      await collector.guard(path, async () => {
        for await (const child of childrenOf(entry)) await visit(child, false);
      });
    }
  }

  for (const entry of entries) await visit(entry, true);
  return collector.collected();
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

function createCollector() {
  const files: File[] = [];
  const problems: string[] = [];
  let leftOut = 0;

  async function guard(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      problems.push(`${path}: ${describeThrown(error)}`);
    }
  }

  return {
    guard,
    take: (path: string, open: () => Promise<File>) => guard(path, async () => void files.push(await open())),
    consider: (path: string, open: () => Promise<File>) =>
      guard(path, async () => {
        const file = await open();
        if (await isPicture(file)) files.push(file);
        else leftOut += 1;
      }),
    collected: (): Collected => ({ files, leftOut, problems }),
  };
}
