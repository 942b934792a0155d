import { DatabaseSync } from 'node:sqlite';
import type { Database, Row } from '../../server/store/database.ts';

export interface MemoryDatabase extends Database {
  /** Everything in all tables, as text: whatever is planted and not sealed is found in it. */
  dump(): string;
}

/** A database of its own for one test: the same SQL, without a file. */
export function memoryDatabase(schema: readonly string[]): MemoryDatabase {
  const sqlite = new DatabaseSync(':memory:');
  sqlite.exec('PRAGMA foreign_keys = ON');
  for (const sql of schema) sqlite.exec(sql);
  const rowsOf = (sql: string, args: readonly (string | number | Uint8Array | null)[] = []): Row[] =>
    sqlite.prepare(sql).all(...args) as Row[];
  return {
    isShared: false,
    breathe: () => Promise.resolve(),
    async write(statements) {
      sqlite.exec('BEGIN');
      try {
        for (const { sql, args } of statements) sqlite.prepare(sql).run(...args);
        sqlite.exec('COMMIT');
      } catch (error) {
        sqlite.exec('ROLLBACK');
        throw error;
      }
    },
    read: async ({ sql, args }) => rowsOf(sql, args),
    close: async () => sqlite.close(),
    dump() {
      const tables = rowsOf(`SELECT name FROM sqlite_master WHERE type = 'table'`);
      const values = tables.flatMap(({ name }) => rowsOf(`SELECT * FROM ${String(name)}`).map(Object.values));
      return values
        .flat()
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
        .join('\n');
    },
  };
}
