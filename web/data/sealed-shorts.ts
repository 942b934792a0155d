import { Dexie } from 'dexie';
import { type RecordSealer, sealedOnce, shortPlace } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { openRow, sealShort } from './sealed-changes.ts';
import { type ShortRow, type ShortRows, shortTables } from './short-rows.ts';
import { translated } from './stored-failure.ts';

/** Rows whose short forms are made at once. */
const atOnce = 200;

/**
 * The short forms of images and results, kept with each change of their rows. Where the database is of a version that had
 * none, they are made first.
 */
export async function openSealedShorts(
  database: Pick<RecordsDatabase, 'rows' | 'shorts' | 'change'>,
  sealer: RecordSealer,
): Promise<ShortRows> {
  const { rows, shorts } = database;
  const opened = sealedOnce(
    sealer,
    (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as ShortRow | null,
  );
  for (const table of shortTables) {
    const [all, made] = await translated(async () => [
      await within(rows, table).count(),
      await within(shorts, table).count(),
    ]);
    if (all !== made) await makeAll(table);
  }

  async function makeAll(table: (typeof shortTables)[number]): Promise<void> {
    for (let after: string | undefined; ;) {
      const page = await translated(async () => within(rows, table, after).limit(atOnce).toArray());
      const made = await Promise.all(
        page.map(async (stored) => {
          const { key, row } = await openRow(sealer, stored);
          return { stored, made: await Promise.all(sealShort(table, key, row, sealer)) };
        }),
      );
      await translated(() =>
        database.change(async () => {
          for (const {
            stored,
            made: [short],
          } of made) {
            // Another window may have changed the row meanwhile, and made its short form itself.
            const now = await rows.get([stored.name, stored.key]);
            const isThere = (await shorts.get([stored.name, stored.key])) !== undefined;
            if (now !== undefined && !isThere && short !== undefined) await shorts.put(short);
          }
        }),
      );
      if (page.length < atOnce) return;
      after = page.at(-1)!.key;
    }
  }

  return {
    async all() {
      const held = await translated(async () => shorts.toArray());
      const open = await Promise.all(
        held.map(({ name, key, sealed }) => opened(sealed, shortPlace(name, key))),
      );
      return open.filter((short) => short !== null);
    },
  };
}

type StoredRows = RecordsDatabase['rows'];

function within(stored: StoredRows, table: string, after: string | typeof Dexie.minKey = Dexie.minKey) {
  return stored.where('[name+key]').between([table, after], [table, Dexie.maxKey], false);
}
