import { AppError } from '../../shared/kernel/errors.ts';
import type { Database } from './database.ts';
import { allMigrations } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';

const table = `CREATE TABLE IF NOT EXISTS schema_migrations (
  id integer PRIMARY KEY NOT NULL,
  name text NOT NULL
) STRICT`;

const plain = (sql: string) => ({ sql, args: [] });

async function checkReferences(database: Database): Promise<void> {
  const broken = await database.read(plain('PRAGMA foreign_key_check'));
  if (broken.length > 0) {
    throw new AppError(
      'storage.damaged',
      `a row of ${String(broken[0]!['table'])} refers to one that is not there`,
    );
  }
}

async function appliedIds(database: Database): Promise<readonly number[]> {
  const rows = await database.read(plain('SELECT id FROM schema_migrations ORDER BY id'));
  return rows.map(({ id }) => Number(id));
}

async function isBegun(database: Database): Promise<boolean> {
  const find = `SELECT 1 AS found FROM sqlite_master WHERE name = 'schema_migrations'`;
  return (await database.read(plain(find))).length > 0;
}

function mustKnow(applied: readonly number[], migrations: readonly Migration[]): void {
  if (applied.some((id) => id > migrations.length)) {
    throw new AppError(
      'storage.newer',
      `the records have schema ${applied.at(-1)}, this is ${migrations.length}`,
    );
  }
}

/**
 * For hosts that are started in numbers, each of which would migrate: a command does it once.
 * @throws AppError `storage.older` when the database lacks a step, `storage.newer` when it has one that this program lacks
 */
export async function assertMigrated(
  database: Database,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  const ids = (await isBegun(database)) ? await appliedIds(database) : [];
  mustKnow(ids, migrations);
  if (ids.length < migrations.length) {
    throw new AppError(
      'storage.older',
      `the records have schema ${ids.length}, this is ${migrations.length}`,
    );
  }
}

/**
 * Brings the database to the schema of this program, one batch for each step, and does nothing where nothing is to be
 * done. It uses no transaction over several calls, so that it runs over HTTP too; of two that run at once, one finds the
 * step taken and goes on behind it.
 * @returns how many steps there were to do
 * @throws AppError `storage.newer` for a database that a later version has changed, `storage.damaged` for one whose
 *   references do not hold before or after a step
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = allMigrations,
): Promise<number> {
  if (!(await isBegun(database))) await database.write([plain(table)]);
  let applied = await appliedIds(database);
  mustKnow(applied, migrations);
  const todo = migrations.length - applied.length;
  if (applied.length < migrations.length && applied.length > 0) await checkReferences(database);
  while (applied.length < migrations.length) {
    const { id, name, statements } = migrations[applied.length]!;
    const record = { sql: 'INSERT INTO schema_migrations (id, name) VALUES (?, ?)', args: [id, name] };
    const before = applied.length;
    try {
      await database.write([record, ...statements.map(plain)]);
    } catch (error) {
      applied = await appliedIds(database);
      if (applied.length === before) throw error;
      continue;
    }
    applied = await appliedIds(database);
    await checkReferences(database);
  }
  return todo;
}
