import { createKeyVault } from '../../server/keys/key-vault.ts';
import { masterKey } from '../../server/keys/master-key.ts';
import type { KeyVault } from '../../server/keys/sealer-api.ts';

/** @param keys a byte for each master key, the present one first */
export function testVault(...keys: number[]): KeyVault {
  return createKeyVault(
    (keys.length > 0 ? keys : [1]).map((byte) => masterKey(new Uint8Array(32).fill(byte))),
    new Uint8Array(32).fill(99),
  );
}
