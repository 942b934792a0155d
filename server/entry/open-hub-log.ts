import { randomBytes } from 'node:crypto';
import { nodeCrypto, signerOf } from '../keys/node-crypto.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import type { Database } from '../store/database.ts';
import { createHubLog } from '../store/hub-log.ts';
import type { HubLog } from '../store/hub-log-api.ts';
import { openRootKey } from '../store/log/root-key.ts';

/** The hub's log with this machine's cryptography and clock. */
export async function openHubLog(database: Database, sealer: Sealer): Promise<HubLog> {
  const random = (length: number): Uint8Array => randomBytes(length);
  return createHubLog({
    database,
    sealer,
    crypto: nodeCrypto,
    rootKey: await openRootKey(database, sealer, () => random(32), signerOf),
    signerOf,
    randomBytes: random,
    wallClock: () => Date.now(),
  });
}
