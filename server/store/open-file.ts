import { setImmediate } from 'node:timers/promises';
import type { Database } from './database.ts';
import { startFileThread } from './file-thread.ts';
import { lockFile } from './file-lock.ts';
import { createLibsqlDatabase, type LibsqlClient } from './libsql-database.ts';
import { type FileClients, openClients } from './open-clients.ts';

interface Opened extends FileClients {
  readonly onClose?: () => Promise<void>;
}

type Wrap = (client: LibsqlClient) => LibsqlClient;

async function openLocked(path: string, open: () => Promise<Opened>, wrap: Wrap): Promise<Database> {
  const lock = await lockFile(`${path}.lock`);
  try {
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
    throw error;
  }
}

const asItIs: Wrap = (client) => client;

/**
 * A libSQL file of which this process is the only owner. Statements run on the caller's thread: for programs that do one
 * thing after the other.
 * @param wrap for tests that let a storage call fail
 * @throws AppError `storage.in-use` while another process, or an earlier call, has it open
 */
export function openFile(path: string, wrap = asItIs): Promise<Database> {
  return openLocked(path, () => openClients(path), wrap);
}

/**
 * The same on a thread of its own: while a commit waits for the disk, the caller's thread answers others. Reads wait for
 * the statements that were sent before them, so they see what was written.
 * @throws AppError `storage.in-use`
 */
export function openFileOnThread(path: string, wrap = asItIs): Promise<Database> {
  return openLocked(path, () => startFileThread(path), wrap);
}
