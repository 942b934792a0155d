import { argon2Sync, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aesSealer } from '../../web/vault/aes-sealer.ts';
import { wasmArgon2id } from '../../web/vault/key-derivation.ts';
import { openVault } from '../../web/vault/vault.ts';
import { VaultFile } from '../../web/vault/vault-file.ts';
import { memoryVaultStore } from '../fixtures/memory-vault.ts';
import { vaultItems } from './vault-json.ts';

/** A vault as the first version left it on a device, opened by the present program and by none of it. */

const ann = { email: 'ann@example.org', password: 'seven lungs under glass' };
const items = () => vaultItems(readFileSync(join(import.meta.dirname, 'vault-1.json'), 'utf8'));

describe('a vault of the first version', () => {
  it('opens, and what was sealed in it', async () => {
    const store = memoryVaultStore(items());
    const vault = openVault({ store, argon2id: wasmArgon2id, monotonic: () => performance.now() });
    const keys = await vault.unlock(ann);
    const plain = await aesSealer(keys.records).open(items().get('sealed') as ArrayBuffer, 'here');
    expect(new TextDecoder().decode(plain)).toBe('a film of yesterday');
  });

  it('is what its description says, to another implementation of the same standards', () => {
    const file = VaultFile.parse(items().get('vault'));
    const index = createHmac('sha256', file.salt)
      .update(`vault.person:1\n${ann.email}`)
      .digest('hex')
      .slice(0, 32);
    const person = file.people.find((one) => one.index === index)!;
    const { salt, parameters, sealed } = person.password;
    const { memoryKib: memory, passes } = parameters;
    const secret = argon2Sync('argon2id', {
      message: ann.password,
      nonce: salt,
      parallelism: 1,
      tagLength: 32,
      memory,
      passes,
    });
    const hkdf = (key: Uint8Array, info: string) => new Uint8Array(hkdfSync('sha256', key, '', info, 32));
    const opened = (bytes: ArrayBuffer, key: Uint8Array, place: string): Buffer => {
      const whole = Buffer.from(bytes);
      expect(whole[0]).toBe(1);
      const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(1, 13));
      decipher.setAAD(Buffer.from(place)).setAuthTag(whole.subarray(-16));
      return Buffer.concat([decipher.update(whole.subarray(13, -16)), decipher.final()]);
    };
    const place = `vault.password:1\n${index}`;
    const raw = opened(sealed, hkdf(secret, place), place);
    expect(raw).toHaveLength(64);
    const records = hkdf(raw.subarray(0, 32), 'vault:1 records');
    expect(opened(items().get('sealed') as ArrayBuffer, records, 'here').toString()).toBe(
      'a film of yesterday',
    );
  });
});
