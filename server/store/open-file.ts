import { chmod, open as openPath } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Database } from './database.ts';
import { startFileThread } from './file-thread.ts';
import { lockFile } from './file-lock.ts';
import { openFailure } from './open-failure.ts';
import { createLibsqlDatabase, type LibsqlClient } from './libsql-database.ts';
import { type FileClients, openClients } from './open-clients.ts';

/**
 * For this account of the system alone, wherever it lies: not everything in it is sealed, and whoever can read it can lock it.
 * SQLite gives its journal the same mode. A file that is there is not opened: closing it would free a lock on it.
 */
async function makePrivate(path: string): Promise<void> {
  // Why a new one cannot be made, libSQL says when it tries.
  const made = await openPath(path, 'wx', 0o600).catch(() => undefined);
  await made?.close();
  // On some volumes every file has the one mode that they were mounted with.
  if (made === undefined) await chmod(path, 0o600).catch(() => undefined);
}

interface Opened extends FileClients {
  readonly onClose?: () => Promise<void>;
}

type Wrap = (client: LibsqlClient) => LibsqlClient;

async function openLocked(path: string, open: () => Promise<Opened>, wrap: Wrap): Promise<Database> {
  const lockPath = `${path}.lock`;
  await makePrivate(lockPath);
  const lock = await lockFile(lockPath);
  try {
    await makePrivate(path);
    const { writer, reader, onClose } = await open();
    return createLibsqlDatabase({
      writer: wrap(writer),
      reader,
      breathe: () => setImmediate(),
      isShared: false,
      async onClose() {
        await onClose?.();
        await lock.release();
      },
    });
  } catch (error) {
    await lock.release();
    throw openFailure(path, error);
  }
}

const asItIs: Wrap = (client) => client;

/**
 * A libSQL file of which this process is the only owner. Statements run on the caller's thread: for programs that do one
 * thing after the other.
 * @param wrap for tests that let a storage call fail
 * @throws AppError `storage.in-use` while another process, or an earlier call, has it open; `storage.damaged`, `storage.full`,
 *   `usage.file-problem`
 */
export function openFile(path: string, wrap = asItIs): Promise<Database> {
  return openLocked(path, () => openClients(path), wrap);
}

/**
 * The same on a thread of its own: while a commit waits for the disk, the caller's thread answers others. Reads wait for
 * the statements that were sent before them, so they see what was written.
 * @throws AppError as `openFile`
 */
export function openFileOnThread(path: string, wrap = asItIs): Promise<Database> {
  return openLocked(path, () => startFileThread(path), wrap);
}
