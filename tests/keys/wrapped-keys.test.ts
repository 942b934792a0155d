import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealedThings } from '../../server/entry/sealed-columns.ts';
import { countKeys, rewrapColumn } from '../../server/entry/wrapped-keys.ts';
import type { SealedColumn } from '../../server/keys/sealer-api.ts';
import type { Database, Statement } from '../../server/store/database.ts';
import { readRowsAfter, sealedRows, writeRows } from '../../server/store/log/folded-rows.ts';
import { migrate } from '../../server/store/migrate.ts';
import { openFile } from '../../server/store/open-file.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import type { RowChange } from '../../shared/log/fold/row-cache.ts';
import { testVault } from '../blobs/test-vault.ts';
import { startSqld, withSqld } from '../hub-log/start-sqld.ts';

const [old, both, fresh] = [testVault(1), testVault(2, 1), testVault(2)];
const rows = 2300;
const never = (): void => undefined;

/** Keys as SQLite orders them and as JSON writes them, in two trees. */
const changes: readonly RowChange[] = Array.from({ length: rows }, (_, at) => ({
  table: 'preferences',
  key: `${['"', '\\', 'ä', '😀', "'", '%'][at % 6]}/${at}`,
  row: { clear: { parts: {} }, personal: at % 5 === 0 ? {} : { at: `value ${at}` } },
})) as never;
const sealedCount = 2 * (rows - rows / 5);
const column = sealedRows.find(({ table }) => table === 'folded_preferences')!;

function wrappedKeysContract(
  name: string,
  open: () => Promise<{ database: Database; stop: () => Promise<void> }>,
): void {
  describe(`the wrapped keys of a column ${name}`, () => {
    let database: Database;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      ({ database, stop } = await open());
      await migrate(database);
      for (const tree of [1, 2]) {
        await database.write([
          { sql: 'INSERT INTO trees VALUES (?, ?)', args: [tree, `clinic ${tree}`] },
          ...writeRows(tree, changes, old),
        ]);
      }
    });
    afterAll(async () => {
      await database.close();
      await stop();
    });

    it('are left alone where another hub has written meanwhile', async () => {
      let reads = 0;
      const busy: Database = {
        ...database,
        async read(statement) {
          const found = await database.read(statement);
          if (reads++ === 0) {
            // Under a key of its own, and, as this hub itself might, again under the one that many share.
            await database.write(writeRows(1, [changes[1]!], testVault(1)));
            await database.write(writeRows(1, [changes[2]!], old));
          }
          return found;
        },
      };
      expect(await rewrapColumn(busy, column, both, never)).toBe(sealedCount);
      expect(await countKeys(database, column, fresh)).toEqual({ opened: sealedCount - 1, closed: 1 });
      expect(await rewrapColumn(database, column, both, never)).toBe(1);
    });

    it('are all under the present master key afterwards, with the content as it was', async () => {
      expect(await rewrapColumn(database, column, both, never)).toBe(0);
      expect(await countKeys(database, column, fresh)).toEqual({ opened: sealedCount, closed: 0 });
      expect(await countKeys(database, column, old)).toEqual({ opened: 0, closed: sealedCount });
      for (const tree of [1, 2]) {
        const page = { tree, table: 'preferences', after: '', limit: 10_000 } as const;
        const read = await readRowsAfter(database, fresh, page);
        const expected = new Map(changes.map(({ key, row }) => [key, row]));
        expect(new Map(read.map(({ key, row }) => [key, row]))).toEqual(expected);
      }
    });

    it('are found by the primary key of each table', async () => {
      const watched: Statement[] = [];
      const one: Database = {
        ...database,
        read: async (statement) => {
          watched.push(statement);
          return database.read(statement);
        },
        write: async (statements) => void watched.push(...statements),
      };
      const columns: readonly SealedColumn[] = sealedThings.flatMap(({ columns }) => columns);
      for (const each of columns) await rewrapColumn(one, each, both, never);
      // From the new key to another: now there is something to write.
      await rewrapColumn(one, column, testVault(3, 2), never);
      const plans = new Map<string, string[]>();
      for (const { sql, args } of watched) {
        const plan = await database.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        plans.set(
          sql,
          plan.map(({ detail }) => String(detail)),
        );
      }
      const updates = [...plans].filter(([sql]) => sql.startsWith('UPDATE'));
      expect(updates.length).toBe(1);
      for (const [sql, plan] of updates)
        expect(
          plan.filter((step) => /^SCAN (?!j\b)/.test(step)),
          sql,
        ).toEqual([]);
      expect(plans.size).toBeGreaterThan(columns.length);
      for (const [sql, plan] of plans) expect(plan.join('\n'), sql).not.toContain('TEMP B-TREE');
    });
  });
}

wrappedKeysContract('in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-wrapped-'));
  return { database: await openFile(join(folder, 'hub.db')), stop: () => rm(folder, { recursive: true }) };
});

withSqld(() =>
  wrappedKeysContract('over HTTP', async () => {
    const { url, stop } = await startSqld();
    return { database: openRemote({ url }), stop };
  }),
);
