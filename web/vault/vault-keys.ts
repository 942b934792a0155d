import { secretKey, subkey } from './wrap.ts';

/** What an open vault is: keys that cannot be taken out of memory, nor out of this program other than to another of its kind. */
export interface VaultKeys {
  /** The person who opened it (`personIndex`). */
  readonly person: string;
  /** Bodies, rows and files. */
  readonly records: CryptoKey;
  /** The device's own: its signing key. */
  readonly device: CryptoKey;
  /** What is this person's alone: the way into the hub. */
  readonly own: CryptoKey;
}

export const rawKeyBytes = 32;
/** The vault's key and then the person's, as they lie in a wrap. */
export const rawKeysBytes = 2 * rawKeyBytes;

export async function importVaultKeys(raw: Uint8Array, person: string): Promise<VaultKeys> {
  if (raw.length !== rawKeysBytes) throw new TypeError(`${raw.length} bytes are no keys of a vault`);
  const [vault, own] = await Promise.all([
    secretKey(raw.subarray(0, rawKeyBytes)),
    secretKey(raw.subarray(rawKeyBytes)),
  ]);
  const [records, device, session] = await Promise.all([
    subkey(vault, 'vault:1 records'),
    subkey(vault, 'vault:1 device'),
    subkey(own, 'vault:1 person'),
  ]);
  return { person, records, device, own: session };
}
