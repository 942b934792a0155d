import { chmod, open as openPath } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import type { Database } from './database.ts';
import { lockFile } from './file-lock.ts';
import { openFailure } from './open-failure.ts';
import { createLibsqlDatabase, type LibsqlClient } from './libsql-database.ts';

const writerSettings = [
  'journal_mode = TRUNCATE',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -65536',
  // What is erased goes from the file, not only from the tables.
  'secure_delete = ON',
  // Or a REPLACE would pass by the triggers that refuse a DELETE.
  'recursive_triggers = ON',
];
const readerSettings = ['query_only = ON', 'cache_size = -65536'];

async function open(path: string, settings: readonly string[]): Promise<LibsqlClient> {
  const client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 0 });
  for (const setting of settings) await client.execute(`PRAGMA ${setting}`);
  return client;
}

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

/**
 * A libSQL file of which this process is the only owner.
 *
 * Reads have a connection of their own that cannot write. In this journal mode a reader in another process makes a commit
 * fail; in one process it cannot, because the native client runs each statement and each batch without a pause.
 * @param wrap for tests that let a storage call fail
 * @throws AppError `storage.in-use` while another process, or an earlier call, has it open; `storage.damaged`, `storage.full`,
 *   `usage.file-problem`
 */
export async function openFile(
  path: string,
  wrap: (client: LibsqlClient) => LibsqlClient = (client) => client,
): Promise<Database> {
  const lockPath = `${path}.lock`;
  await makePrivate(lockPath);
  const lock = await lockFile(lockPath);
  try {
    await makePrivate(path);
    const writer = wrap(await open(path, writerSettings));
    const reader = await open(path, readerSettings);
    const breathe = (): Promise<void> => setImmediate();
    return createLibsqlDatabase({ writer, reader, breathe, onClose: () => lock.release() });
  } catch (error) {
    await lock.release();
    throw openFailure(path, error);
  }
}
