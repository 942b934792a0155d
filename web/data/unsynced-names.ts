import { Dexie } from 'dexie';
import type { Unsynced } from '../../shared/log/ledger.ts';
import type { RecordsDatabase } from './records-database.ts';
import { translated } from './stored-failure.ts';

/** What the hub does not have, of one moment. */
export interface UnsyncedNames {
  /** Of the store: grows with whatever is written into it. */
  readonly version: number;
  /** Of entries, in the order in which they are sent; those that the hub refused come first. */
  readonly names: readonly string[];
  /** How many files it lacks. */
  readonly pictures: number;
  readonly sizes: Unsynced['sizes'];
}

/** Keys only: some twenty thousand of them take as long as a hundred entries. */
export function readUnsyncedNames(database: RecordsDatabase): Promise<UnsyncedNames> {
  const { meta, entries, bodies, rows, uploads } = database;
  return translated(async () =>
    database.look(async () => ({
      version: (await meta.get('state'))?.version ?? 0,
      names: [
        ...(await entries.where('code').above('').primaryKeys()),
        ...(await entries.where('[sendRank+n]').between([-Infinity], [Infinity, Dexie.maxKey]).primaryKeys()),
      ],
      pictures: await uploads.count(),
      sizes: [await entries.count(), await bodies.count(), await rows.count()] as const,
    })),
  );
}
