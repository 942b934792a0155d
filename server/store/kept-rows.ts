import type { Row, Statement } from './database.ts';

type Rows = readonly Row[];

/** Rows in memory, for a process that alone writes to its database. */
export interface KeptRows {
  /** @param tables all that the statement reads */
  read(statement: Statement, tables: readonly string[], ask: () => Promise<Rows>): Promise<Rows>;
  /** Every write goes through here, or what is kept is wrong. */
  writing<Result>(statements: readonly Statement[], write: () => Promise<Result>): Promise<Result>;
}

const mostKept = 8192;
const mostTexts = 1024;

/** The words of each statement. */
type Words = readonly ReadonlySet<string>[];

const names = (written: Words, table: string): boolean => written.some((words) => words.has(table));

/** All words of a text of SQL: more than the tables that it writes, never fewer. */
function createWordsOf(): (sql: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    const words = new Set(sql.toLowerCase().match(/\w+/g));
    if (known.size >= mostTexts) known.clear();
    known.set(sql, words);
    return words;
  };
}

/**
 * Keeps what was read until a statement is written in which the name of one of its tables stands. From the moment at which
 * such a write begins until it has ended, well or badly, everybody asks the database.
 */
export function createKeptRows(): KeptRows {
  const wordsOf = createWordsOf();
  const kept = new Map<string, Rows>();
  /** For each table, the keys of what is kept of it. */
  const readers = new Map<string, Set<string>>();
  const writing = new Set<Words>();

  /** Leaves a new set, by which a read that is under way sees that what it brings may be old. */
  function forget(table: string): void {
    for (const key of readers.get(table) ?? []) kept.delete(key);
    readers.set(table, new Set());
  }

  function forgetAll(written: Words): void {
    for (const table of readers.keys()) if (names(written, table)) forget(table);
  }

  function keep(key: string, tables: readonly string[], rows: Rows): void {
    if (kept.size >= mostKept) for (const table of readers.keys()) forget(table);
    kept.set(key, rows);
    for (const table of tables) readers.get(table)!.add(key);
  }

  return {
    async read({ sql, args }, tables, ask) {
      const key = JSON.stringify([sql, args]);
      const found = kept.get(key);
      if (found !== undefined) return found;
      for (const table of tables) if (!readers.has(table)) readers.set(table, new Set());
      if ([...writing].some((written) => tables.some((table) => names(written, table)))) return ask();
      const marks = tables.map((table) => readers.get(table));
      const rows = await ask();
      if (marks.every((mark, at) => mark === readers.get(tables[at]!))) keep(key, tables, rows);
      return rows;
    },
    async writing(statements, write) {
      const written = statements.map(({ sql }) => wordsOf(sql));
      writing.add(written);
      forgetAll(written);
      try {
        return await write();
      } finally {
        writing.delete(written);
        forgetAll(written);
      }
    },
  };
}
