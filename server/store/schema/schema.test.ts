import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { createClient, type Client } from '@libsql/client';
import { afterEach, expect, it } from 'vitest';
import { allMigrations } from '../migrations/all-migrations.ts';
import * as accounts from './accounts.ts';
import * as folded from './folded.ts';
import * as log from './log.ts';

const open: Client[] = [];
afterEach(() => open.splice(0).forEach((client) => client.close()));

async function databaseOf(statements: readonly string[]): Promise<Client> {
  const client = createClient({ url: ':memory:' });
  open.push(client);
  for (const statement of statements) await client.execute(statement);
  return client;
}

async function rows(client: Client, sql: string): Promise<Record<string, unknown>[]> {
  return (await client.execute(sql)).rows.map((row) => ({ ...row }));
}

/** Tables, columns, indexes and references, without what only one of both can say (STRICT, checks, triggers). */
async function shape(client: Client): Promise<unknown> {
  const tables = await rows(client, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`);
  const described = tables.map(async ({ name }) => {
    const columns = await rows(client, `PRAGMA table_info(${String(name)})`);
    const indexes = await rows(client, `PRAGMA index_list(${String(name)})`);
    const named = indexes.filter(({ origin }) => origin === 'c');
    return {
      name,
      columns: columns.map(({ name: column, type, notnull, dflt_value: preset, pk }) => ({
        column,
        type: String(type).toLowerCase(),
        notnull,
        preset,
        pk,
      })),
      indexes: await Promise.all(
        named
          .toSorted((a, b) => String(a['name']).localeCompare(String(b['name'])))
          .map(async ({ name: index, unique }) => ({
            index,
            unique,
            columns: await rows(client, `PRAGMA index_info(${String(index)})`),
          })),
      ),
      references: (await rows(client, `PRAGMA foreign_key_list(${String(name)})`)).map(
        ({ table, from, to, on_delete: onDelete }) => ({ table, from, to: to ?? from, onDelete }),
      ),
    };
  });
  return Promise.all(described);
}

it('is what the migrations make', async () => {
  const nothing = await generateSQLiteDrizzleJson({});
  const whole = await generateSQLiteDrizzleJson({ ...log, ...folded, ...accounts });
  const fromSchema = await databaseOf(await generateSQLiteMigration(nothing, whole));
  const migrated = await databaseOf(allMigrations.flatMap(({ statements }) => statements));
  const expected = (await shape(fromSchema)) as unknown[];
  expect(expected.length).toBeGreaterThanOrEqual(17);
  expect(await shape(migrated)).toEqual(expected);
});

it('has migrations that count from 1 and delete no children with their parents', () => {
  expect(allMigrations.map(({ id }) => id)).toEqual(allMigrations.map((_, index) => index + 1));
  expect(allMigrations.flatMap(({ statements }) => statements).join('\n')).not.toMatch(/CASCADE/i);
});
