import { randomBytes } from 'node:crypto';
import type { Argon2id } from '../auth/argon2-api.ts';
import { createAttemptLimits } from '../auth/attempt-limits.ts';
import { createAccounts, type OpenAccounts } from '../auth/create-accounts.ts';
import type { BlobStore } from '../blobs/blob-store-api.ts';
import type { MasterKey } from '../keys/master-key.ts';
import { nodeCrypto } from '../keys/node-crypto.ts';
import { openVault } from '../keys/open-vault.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import type { Database } from '../store/database.ts';
import type { WholeHubLog } from '../store/hub-log.ts';
import { openHubLog } from './open-hub-log.ts';
import { secretInMeta } from './secret-in-meta.ts';

/** An upload that nobody has gone on with for so long is given up; the device starts it anew. */
const uploadMs = 7 * 24 * 3600 * 1000;

/** What stands on the database of a hub. */
export interface Records {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly hubLog: WholeHubLog;
  readonly accounts: OpenAccounts;
  readonly blobs: BlobStore;
  /** To be called every hour, by one process or by several: writes what was counted, removes what has expired. */
  tidy(): Promise<void>;
  /** Writes what was counted and closes the database. */
  close(): Promise<void>;
}

export interface RecordSettings {
  readonly registration: 'approval' | 'open' | 'closed';
  readonly argon2id: Argon2id;
  readonly blobs: (keys: KeyVault) => BlobStore;
  /** As `openVault` asks for them. */
  readonly keys: (may: { readonly makeKey: boolean }) => Promise<readonly MasterKey[]>;
  /** Opens the set-up of an empty hub, where there is nobody to read what a starting hub prints. */
  readonly setupToken?: string;
}

/**
 * Keys, log and accounts on a database that has been migrated. Nothing here needs a disk or a process of its own.
 * @throws AppError `storage.sealed` under another master key
 */
export async function composeRecords(
  database: Database,
  { registration, argon2id, keys, blobs: openBlobs, setupToken }: RecordSettings,
): Promise<Records> {
  const vault = await openVault(secretInMeta(database), keys);
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
    {
      registration,
      argon2id,
      limits: createAttemptLimits(),
      ...(setupToken === undefined ? {} : { setupToken }),
    },
  );
  const blobs = openBlobs(vault);
  return {
    database,
    vault,
    hubLog,
    accounts,
    blobs,
    async tidy() {
      await accounts.denials.flush();
      await accounts.sessions.forgetOld();
      await blobs.expire(Date.now() - uploadMs);
    },
    async close() {
      // Also with a full disk the file has to be given free.
      await accounts.denials.flush().catch(() => undefined);
      await hubLog.close().catch(() => undefined);
      await database.close();
    },
  };
}
