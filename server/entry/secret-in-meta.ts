import { indexSecretAad, type SecretPlace } from '../keys/open-vault.ts';
import type { Database } from '../store/database.ts';

const name = 'index-secret';

/** Where it stands in `meta`, and what it is bound to. */
export const indexSecretPlace = { name, aad: indexSecretAad } as const;

/** The drivers give an ArrayBuffer or a view. */
const bytesOf = (blob: unknown): Uint8Array => new Uint8Array(blob as ArrayBuffer);

/** The hub's one sealed secret, as a row of `meta`. */
export function secretInMeta(database: Database): SecretPlace {
  return {
    async read() {
      const [row] = await database.read({ sql: 'SELECT value FROM meta WHERE name = ?', args: [name] });
      return row === undefined ? undefined : bytesOf(row['value']);
    },
    create: (sealed) =>
      database.write([
        { sql: 'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING', args: [name, sealed] },
      ]),
    replace: (sealed) =>
      database.write([{ sql: 'UPDATE meta SET value = ? WHERE name = ?', args: [sealed, name] }]),
  };
}
