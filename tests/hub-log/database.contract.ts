import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';

const sql = (text: string, ...args: readonly (string | number | Uint8Array | null)[]) => ({
  sql: text,
  args,
});

/** What every implementation of the `Database` port does. */
export function databaseContract(
  name: string,
  open: () => Promise<{ database: Database; stop: () => Promise<void> }>,
): void {
  describe(`a database ${name}`, () => {
    let database: Database;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      ({ database, stop } = await open());
      await migrate(database);
      await database.write([sql('CREATE TABLE notes (id integer PRIMARY KEY, body blob, text text) STRICT')]);
    });
    afterAll(() => stop());

    const texts = async (): Promise<unknown[]> =>
      (await database.read(sql('SELECT text FROM notes ORDER BY id'))).map(({ text }) => text);

    it('keeps numbers, texts, bytes and nothing as they are', async () => {
      const bytes = Uint8Array.of(0, 255, 7);
      await database.write([sql('INSERT INTO notes VALUES (?, ?, ?)', 2 ** 52 + 1, bytes, null)]);
      const rows = await database.read(sql('SELECT * FROM notes'));
      expect(rows).toEqual([{ id: 2 ** 52 + 1, body: bytes, text: null }]);
      await database.write([sql('DELETE FROM notes')]);
    });

    it('commits all of a call or nothing', async () => {
      const half = [
        sql(`INSERT INTO notes VALUES (1, NULL, 'a')`),
        sql(`INSERT INTO notes VALUES (1, NULL, 'b')`),
      ];
      await expect(database.write(half)).rejects.toThrow(/UNIQUE/);
      expect(await texts()).toEqual([]);
    });

    it('lets none of those that are committed together fail for another', async () => {
      const writes = Array.from({ length: 20 }, (_, id) =>
        database.write([sql('INSERT INTO notes VALUES (?, NULL, ?)', id === 13 ? 12 : id, String(id))]),
      );
      const outcomes = await Promise.allSettled(writes);
      expect(outcomes.flatMap(({ status }, id) => (status === 'rejected' ? [id] : []))).toEqual([13]);
      expect(await texts()).toEqual([...Array(20).keys()].filter((id) => id !== 13).map(String));
    });

    it('refuses to change or delete what is in the log', async () => {
      const tree = `INSERT INTO trees VALUES (1, 'a')`;
      const entry = `INSERT INTO entries VALUES (1, zeroblob(32), zeroblob(16), 1, NULL, 'a.b', 'e', 'hub', 0, 0, NULL, 1, '{}')`;
      const head = 'INSERT INTO heads VALUES (1, zeroblob(32), zeroblob(64))';
      const node = 'INSERT INTO tree_nodes VALUES (1, 1, 0, zeroblob(32))';
      const checkpoint =
        'INSERT INTO checkpoints VALUES (1, 1, zeroblob(16), 1, zeroblob(32), 0, zeroblob(64))';
      await database.write([tree, entry, head, node, checkpoint].map((text) => sql(text)));
      const changes = [
        `UPDATE entries SET json = '{"a":1}'`,
        'UPDATE heads SET sig = zeroblob(64)',
        'UPDATE tree_nodes SET hash = zeroblob(32)',
        'UPDATE checkpoints SET size = 2',
        ...['heads', 'entries', 'tree_nodes', 'checkpoints'].map((table) => `DELETE FROM ${table}`),
      ];
      for (const change of changes) {
        await expect(database.write([sql(change)]), change).rejects.toThrow('only appended to');
      }
      expect((await database.read(sql('SELECT json FROM entries')))[0]).toEqual({ json: '{}' });
    });

    it('refuses what refers to nothing', async () => {
      await expect(database.write([sql('INSERT INTO bodies VALUES (99, zeroblob(1))')])).rejects.toThrow(
        /FOREIGN/,
      );
    });

    it('is migrated once, also when two do it at once', async () => {
      const before = await database.read(sql('SELECT * FROM schema_migrations'));
      const added = { id: before.length + 1, name: 'added', statements: ['CREATE TABLE added (a) '] };
      const { allMigrations } = await import('../../server/store/migrations/all-migrations.ts');
      await Promise.all([1, 2, 3].map(() => migrate(database, [...allMigrations, added])));
      expect((await database.read(sql('SELECT * FROM schema_migrations'))).length).toBe(before.length + 1);
      await expect(migrate(database)).rejects.toMatchObject({ code: 'storage.newer' });
    });

    it('refuses a step that leaves half of itself, and one over broken references', async () => {
      const { allMigrations } = await import('../../server/store/migrations/all-migrations.ts');
      const added = { id: allMigrations.length + 1, name: 'added', statements: [] };
      const half = { id: added.id + 1, name: 'half', statements: ['CREATE TABLE half (a)', 'nonsense'] };
      await expect(migrate(database, [...allMigrations, added, half])).rejects.toThrow(/syntax/);
      expect(await database.read(sql(`SELECT name FROM sqlite_master WHERE name = 'half'`))).toEqual([]);
    });

    it('writes nothing after it was closed', async () => {
      await database.close();
      await expect(database.write([sql('DELETE FROM notes')])).rejects.toMatchObject({
        code: 'storage.closed',
      });
    });
  });
}
