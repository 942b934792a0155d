import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { aesSealer } from '../../web/vault/aes-sealer.ts';
import { wasmArgon2id } from '../../web/vault/key-derivation.ts';
import { openVault } from '../../web/vault/vault.ts';
import { memoryVaultStore } from '../fixtures/memory-vault.ts';
import { vaultText } from './vault-json.ts';

/**
 * `node tests/golden/update-vault.ts`: makes a vault with the present program. Only for a new format, under a new name: those
 * that lie on devices have to be opened for ever.
 */

const store = memoryVaultStore();
const vault = openVault({ store, argon2id: wasmArgon2id, monotonic: () => performance.now() });
const keys = await vault.create(
  { email: 'ann@example.org', password: 'seven lungs under glass' },
  { id: '00000000-0000-4000-8000-000000000001' },
);
const sealed = await aesSealer(keys.records).seal(utf8('a film of yesterday'), 'here');
await store.update('sealed', () => sealed);
writeFileSync(join(import.meta.dirname, 'vault-1.json'), vaultText(store.items));
