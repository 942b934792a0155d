import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { createAttemptLimits } from '../auth/attempt-limits.ts';
import { createAccounts, type OpenAccounts } from '../auth/create-accounts.ts';
import { nativeArgon2id } from '../auth/native-argon2.ts';
import type { BlobStore } from '../blobs/blob-store-api.ts';
import { createDiskStore } from '../blobs/disk-store.ts';
import type { Config } from '../config.ts';
import { masterKeys } from '../keys/master-key-file.ts';
import { nodeCrypto } from '../keys/node-crypto.ts';
import { openVault } from '../keys/open-vault.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import type { Database } from '../store/database.ts';
import type { WholeHubLog } from '../store/hub-log.ts';
import { migrate } from '../store/migrate.ts';
import { openFile } from '../store/open-file.ts';
import { secretInMeta } from './secret-in-meta.ts';
import { openHubLog } from './open-hub-log.ts';

export interface Records {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly hubLog: WholeHubLog;
  readonly accounts: OpenAccounts;
  readonly blobs: BlobStore;
  /** Writes what was counted and gives the file free. */
  close(): Promise<void>;
}

const hourMs = 3600 * 1000;
/** An upload that nobody has gone on with for so long is given up; the device starts it anew. */
const uploadMs = 7 * 24 * hourMs;

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `DATA_DIR ${path} cannot be made: ${describeThrown(cause)}`;
    throw new AppError('usage.invalid', message, { cause });
  }
}

/**
 * Everything that the hub keeps, on the embedded database in DATA_DIR.
 * @param say told when a master key was made
 * @throws AppError `storage.in-use` while another process has it open; `storage.sealed` under another master key
 */
export async function openRecords(config: Config, say: (line: string) => void): Promise<Records> {
  await makeFolder(config.dataDir);
  const database = await openFile(join(config.dataDir, 'records.db'));
  try {
    await migrate(database);
    const vault = await openVault(secretInMeta(database), masterKeys(config, say));
    const hubLog = await openHubLog(database, vault);
    const accounts = createAccounts(
      {
        database,
        hubLog,
        sealer: vault,
        logCrypto: nodeCrypto,
        now: () => Date.now(),
        random: (bytes) => randomBytes(bytes),
        newId: () => crypto.randomUUID(),
      },
      { registration: config.registration, argon2id: nativeArgon2id, limits: createAttemptLimits() },
    );
    const blobs = createDiskStore({
      folder: join(config.dataDir, 'blobs'),
      keys: vault,
      now: () => Date.now(),
    });
    // What fails now, with a full disk for one, is tried again an hour later.
    const everyHour = async (): Promise<void> => {
      await accounts.denials.flush();
      await accounts.sessions.forgetOld();
      await blobs.expire(Date.now() - uploadMs);
    };
    const hourly = setInterval(() => void everyHour().catch(() => undefined), hourMs);
    hourly.unref();
    return {
      database,
      vault,
      hubLog,
      accounts,
      blobs,
      async close() {
        clearInterval(hourly);
        // Also with a full disk the file has to be given free.
        await accounts.denials.flush().catch(() => undefined);
        await hubLog.close().catch(() => undefined);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
