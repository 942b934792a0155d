import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/kernel/errors.ts';
import { createKeyVault, createWrapper } from './key-vault.ts';
import { type MasterKey, masterKeyBytes } from './master-key.ts';
import type { KeyVault } from './sealer-api.ts';

/** Where the hub keeps its one sealed secret: a row of the database. */
export interface SecretPlace {
  read(): Promise<Uint8Array | undefined>;
  /** Keeps what is there if another process was first; `read` then returns that one. */
  create(sealed: Uint8Array): Promise<void>;
  replace(sealed: Uint8Array): Promise<void>;
}

/** What the hub's secret is bound to. */
export const indexSecretAad = 'meta\nindex-secret\n1';

/**
 * Opens the hub's secret, from which the blind indexes are derived, or makes it at the first start. It is the test, too,
 * whether these records were sealed under the keys at hand.
 * @param keys the ring, the present key first; asked to make a key only when nothing has been sealed yet
 * @throws AppError `storage.sealed` when the records are sealed under another master key
 */
export async function openVault(
  place: SecretPlace,
  keys: (may: { readonly makeKey: boolean }) => Promise<readonly MasterKey[]>,
): Promise<KeyVault> {
  const found = await place.read();
  const ring = await keys({ makeKey: found === undefined });
  const wrapper = createWrapper(ring);
  if (found === undefined) await place.create(wrapper.seal(randomBytes(masterKeyBytes), indexSecretAad));
  const sealed = await place.read();
  if (sealed === undefined) throw new AppError('server.internal', 'the hub’s secret was not kept');
  const secret = openedSecret(wrapper, sealed);
  const rewrapped = wrapper.rewrap(sealed, indexSecretAad);
  if (rewrapped !== undefined) await place.replace(rewrapped);
  return createKeyVault(ring, secret);
}

function openedSecret(wrapper: ReturnType<typeof createWrapper>, sealed: Uint8Array): Uint8Array {
  try {
    return wrapper.open(sealed, indexSecretAad);
  } catch (cause) {
    const message =
      'The records of this hub are sealed under another master key. Give the hub that key (MASTER_KEY or MASTER_KEY_FILE; an older one as MASTER_KEY_OLD). Without it they cannot be read by anybody.';
    throw new AppError('storage.sealed', message, { cause });
  }
}
