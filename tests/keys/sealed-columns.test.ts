import { createClient } from '@libsql/client';
import { expect, it } from 'vitest';
import { sealedThings } from '../../server/entry/sealed-columns.ts';
import { allMigrations } from '../../server/store/migrations/all-migrations.ts';

/** Bytes that say nothing of a person and that everybody of a clinic receives: hashes, names of devices, signatures. */
const notSealed = [
  'checkpoints.epoch',
  'checkpoints.root',
  'checkpoints.sig',
  'entries.body_hash',
  'entries.device',
  'entries.h',
  'entries.prev',
  'heads.key',
  'heads.sig',
  'tree_nodes.hash',
];

it('are described, each column of bytes, or named as not sealed: a rotation of the master key must forget none', async () => {
  const client = createClient({ url: ':memory:' });
  for (const { statements } of allMigrations) for (const sql of statements) await client.execute(sql);
  const columns = await client.execute(
    `SELECT m.name || '.' || c.name AS name, m.name AS tableName, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table' AND upper(c.type) NOT IN ('INTEGER', 'TEXT') ORDER BY 1`,
  );
  const ofBytes = columns.rows.map(({ name }) => name);
  const described = sealedThings.flatMap(({ columns }) => columns);
  const names = described.map(({ table, column }) => `${table}.${column}`);
  expect([...names, ...notSealed].toSorted()).toEqual(ofBytes);
  for (const { table, keys } of described) {
    const { rows } = await client.execute(
      `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`,
    );
    expect(keys, table).toEqual(rows.map(({ name }) => name));
  }
  client.close();
});

it('open only at their own places', () => {
  const row = { name: 'root-key', kid: 'k', id: 'u', device: 'd', h: 'aa', tree: 1, key: 'x' };
  const places = sealedThings.flatMap(({ columns }) => columns.map((column) => column.aad(row)));
  expect(new Set(places).size).toBe(places.length);
  const [secrets] = sealedThings[0]!.columns;
  expect(() => secrets!.aad({ name: 'unknown' })).toThrow('nobody described');
});
