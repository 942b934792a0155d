import type { Signer } from '../../../shared/log/log-crypto.ts';
import type { Sealer } from '../../keys/sealer-api.ts';
import type { Database } from '../database.ts';
import { bytesOf } from './places.ts';

const name = 'root-key';
const aad = 'meta/root-key/1';

/** Where it stands in `meta`, and what it is bound to. */
export const rootKeyPlace = { name, aad } as const;

/**
 * The hub's root key, with which it signs checkpoints and receipts and vouches for its chains. Made at the first start; of
 * two processes that make one at once, the first wins.
 * @param seed 32 random bytes
 * @throws AppError `storage.sealed` under another master key
 */
export async function openRootKey(
  database: Database,
  sealer: Sealer,
  seed: () => Uint8Array,
  signerOf: (seed: Uint8Array) => Signer,
): Promise<Signer> {
  const find = { sql: 'SELECT value FROM meta WHERE name = ?', args: [name] };
  let [row] = await database.read(find);
  if (row === undefined) {
    const sealed = sealer.seal(seed(), aad);
    await database.write([
      { sql: 'INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING', args: [name, sealed] },
    ]);
    [row] = await database.read(find);
  }
  return signerOf(sealer.open(bytesOf(row?.['value']), aad));
}
