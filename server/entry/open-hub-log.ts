import { randomBytes } from 'node:crypto';
import { nodeCrypto, signerOf } from '../keys/node-crypto.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import type { Database } from '../store/database.ts';
import { createHubLog } from '../store/hub-log.ts';
import type { HubLog } from '../store/hub-log-api.ts';
import { openRootKey } from '../store/log/root-key.ts';

/** The log on a database that has been migrated, with the root key that is sealed there. */
export async function openHubLog(database: Database, sealer: Sealer): Promise<HubLog> {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const rootKey = await openRootKey(database, sealer, () => random(32), signerOf);
  return createHubLog({
    database,
    sealer,
    crypto: nodeCrypto,
    rootKey,
    signerOf,
    randomBytes: random,
    wallClock: () => Date.now(),
  });
}
