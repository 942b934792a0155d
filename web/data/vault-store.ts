import { Dexie, type Table } from 'dexie';
import { storageError } from './stored-failure.ts';

/**
 * A few named values: how the vault is opened, and what lies sealed in it. Apart from the records, which may be thrown away
 * and fetched again. Several programs (two tabs) share one.
 */
export interface VaultStore {
  /** Undefined where nothing was ever written. @throws AppError `storage.*`, as below */
  get(name: string): Promise<unknown>;
  /** Durable when it resolves. `change` sees what is there now and answers at once; undefined takes the value away. */
  update(name: string, change: (held: unknown) => unknown): Promise<void>;
}

export const vaultDatabaseName = 'fieldray-vault';

export function openVaultStore(): VaultStore {
  const dexie = new Dexie(vaultDatabaseName, { chromeTransactionDurability: 'strict' });
  dexie.version(1).stores({ items: '' });
  const items = dexie.table('items') as Table<unknown, string>;
  return {
    async get(name) {
      try {
        return await items.get(name);
      } catch (cause) {
        throw storageError(cause);
      }
    },
    async update(name, change) {
      try {
        await dexie.transaction('rw', items, async () => {
          const next = change(await items.get(name));
          if (next === undefined) await items.delete(name);
          else await items.put(next, name);
        });
      } catch (cause) {
        throw storageError(cause);
      }
    },
  };
}
