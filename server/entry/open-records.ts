import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { nativeArgon2id } from '../auth/native-argon2.ts';
import { diskFiles } from '../blobs/disk-files.ts';
import { createDiskStore } from '../blobs/disk-store.ts';
import { freeBytes, leftForRecordsBytes, roomBeside, withRoom } from '../blobs/free-room.ts';
import type { Config } from '../config.ts';
import { masterKeys } from '../keys/master-key-file.ts';
import type { Database } from '../store/database.ts';
import { assertMigrated, migrate } from '../store/migrate.ts';
import { openFileOnThread } from '../store/open-file.ts';
import { openRemote } from '../store/open-remote.ts';
import { composeRecords, type Records } from './compose-records.ts';

const hourMs = 3600 * 1000;

export const recordsFile = (dataDir: string): string => join(dataDir, 'records.db');
export const blobFolder = (dataDir: string): string => join(dataDir, 'blobs');

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `DATA_DIR ${path} cannot be made: ${describeThrown(cause)}`;
    throw new AppError('usage.invalid', message, { cause });
  }
}

/**
 * A file belongs to this process, which brings it up to date; a server belongs to several, and a command does that.
 * @throws AppError as `openRecords`
 */
export async function openDatabase({ dataDir, libsql }: Config): Promise<Database> {
  const database = libsql === undefined ? await openFileOnThread(recordsFile(dataDir)) : openRemote(libsql);
  try {
    await (libsql === undefined ? migrate(database) : assertMigrated(database));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Everything that the hub keeps, on the embedded database in DATA_DIR or on a libSQL server.
 * @param say told when a master key was made
 * @throws AppError `storage.in-use` while another process has it open; `storage.sealed` under another master key;
 *   `storage.older` for a server that has not been migrated
 */
export async function openRecords(config: Config, say: (line: string) => void): Promise<Records> {
  await makeFolder(config.dataDir);
  const database = await openDatabase(config);
  const room = roomBeside(leftForRecordsBytes, () => freeBytes(config.dataDir));
  try {
    const records = await composeRecords(database, {
      registration: config.registration,
      argon2id: nativeArgon2id,
      keys: masterKeys(config, say),
      blobs: (keys) =>
        createDiskStore({
          folder: blobFolder(config.dataDir),
          keys,
          now: () => Date.now(),
          files: withRoom(diskFiles(), room),
          admit: async (_clinic, size) => room(size),
        }),
      ...(config.setupToken === undefined ? {} : { setupToken: config.setupToken }),
    });
    // What fails now, with a full disk for one, is tried again an hour later.
    const hourly = setInterval(() => void records.tidy().catch(() => undefined), hourMs);
    hourly.unref();
    return {
      ...records,
      close() {
        clearInterval(hourly);
        return records.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
