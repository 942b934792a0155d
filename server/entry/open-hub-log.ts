import { randomBytes } from 'node:crypto';
import { nodeCrypto, runningSha256, signerOf } from '../keys/node-crypto.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import { createHubLog, type WholeHubLog } from '../store/hub-log.ts';
import type { Database } from '../store/database.ts';
import { openRootKey } from '../store/log/root-key.ts';
import { programVersion } from '../program-version.ts';

/**
 * The log on a database that has been migrated; its root key is made at the first start.
 * @throws AppError `storage.sealed` under another master key
 */
export async function openHubLog(database: Database, sealer: Sealer): Promise<WholeHubLog> {
  const random = (length: number): Uint8Array => randomBytes(length);
  const rootKey = await openRootKey(database, sealer, () => random(32), signerOf);
  return createHubLog({
    database,
    sealer,
    crypto: nodeCrypto,
    rootKey,
    signerOf,
    startSha256: runningSha256,
    randomBytes: random,
    wallClock: () => Date.now(),
    program: `fieldray ${programVersion}`,
  });
}
