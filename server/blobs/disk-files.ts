import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/** What the disk store asks of a disk. What a call has resolved survives a loss of power. */
export interface BlobFiles {
  /** A new file, with the folders to it; an old one is replaced. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Cuts the file off at `position` and goes on there. */
  append(path: string, position: number, bytes: Uint8Array): Promise<void>;
  /** Writes over what is there. */
  overwrite(path: string, position: number, bytes: Uint8Array): Promise<void>;
  /** Shorter than `length` at the end of the file; undefined where there is no file. */
  read(path: string, position: number, length: number): Promise<Uint8Array | undefined>;
  /** With the folders to the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Also where there is none. */
  remove(path: string): Promise<void>;
  /** The names in a folder; none where there is no folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Notes that a file was used; lost with the power. */
  touch(path: string, nowMs: number): Promise<void>;
  /** When it was used last; undefined where there is no file. */
  touchedMs(path: string): Promise<number | undefined>;
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined;

const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function translated(cause: unknown): unknown {
  if (!fullCodes.has(codeOf(cause))) return cause;
  return new AppError('storage.full', `the disk is full: ${describeThrown(cause)}`, { cause });
}

async function nothingIfMissing<Result>(task: Promise<Result>): Promise<Result | undefined> {
  try {
    return await task;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}

/** A name is durable when its folder is. Platforms that cannot sync a folder keep names themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const above = dirname(first);
  for (let made = dirname(folder); made.startsWith(above); made = dirname(made)) {
    await syncFolder(made);
    if (made === above) return;
  }
}

async function write(path: string, flag: 'w' | 'r+', position: number, bytes: Uint8Array, cut: boolean) {
  try {
    const file = await open(path, flag, 0o600);
    try {
      if (cut && flag === 'r+') await file.truncate(position);
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw translated(cause);
  }
}

/** @throws AppError `storage.full`, from whatever writes */
export function diskFiles(): BlobFiles {
  return {
    async create(path, bytes) {
      await makeFolder(dirname(path)).catch((cause: unknown) => {
        throw translated(cause);
      });
      await write(path, 'w', 0, bytes, false);
      await syncFolder(dirname(path));
    },
    append: (path, position, bytes) => write(path, 'r+', position, bytes, true),
    overwrite: (path, position, bytes) => write(path, 'r+', position, bytes, false),
    async read(path, position, length) {
      const file = await nothingIfMissing(open(path, 'r'));
      if (file === undefined) return undefined;
      try {
        const bytes = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      } finally {
        await file.close();
      }
    },
    async rename(from, to) {
      try {
        await makeFolder(dirname(to));
        await rename(from, to);
      } catch (cause) {
        throw translated(cause);
      }
      await syncFolder(dirname(to));
      await syncFolder(dirname(from));
    },
    async remove(path) {
      await rm(path, { force: true });
      await syncFolder(dirname(path));
    },
    list: async (folder) =>
      (await nothingIfMissing(readdir(folder)))?.map((name) => join(folder, name)) ?? [],
    async touch(path, nowMs) {
      await nothingIfMissing(utimes(path, nowMs / 1000, nowMs / 1000));
    },
    touchedMs: async (path) => (await nothingIfMissing(stat(path)))?.mtimeMs,
  };
}
