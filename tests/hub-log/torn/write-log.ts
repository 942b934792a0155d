import { createHash } from 'node:crypto';
import type { Database, SqlValue, Statement } from '../../../server/store/database.ts';
import { migrate } from '../../../server/store/migrate.ts';

/** Commits of many sizes through the tables of the log, the schema among them: appended, grown, changed and deleted pages. */

const bytes = (random: () => number, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(random() * 256));

const statement = (sql: string, ...args: SqlValue[]): Statement => ({ sql, args });

function entryAt(place: number, random: () => number): Statement[] {
  const h = createHash('sha256').update(`entry ${place}`).digest();
  return [
    statement(
      `INSERT INTO entries VALUES (?, ?, ?, 1, NULL, 'preference.set', 'p', 'hub', 0, 0, NULL, ?, ?)`,
      place,
      new Uint8Array(h),
      bytes(random, 16),
      place,
      JSON.stringify({ filler: 'x'.repeat(200 + Math.floor(random() * 400)) }),
    ),
    statement('INSERT INTO heads VALUES (?, ?, ?)', place, bytes(random, 32), bytes(random, 64)),
    statement('INSERT INTO tree_nodes VALUES (1, 1, ?, ?)', place, bytes(random, 32)),
    statement('INSERT INTO bodies VALUES (?, ?)', place, bytes(random, 40 + Math.floor(random() * 6000))),
  ];
}

export async function writeLog(database: Database, random: () => number, commits: number): Promise<void> {
  await migrate(database);
  await database.write([statement(`INSERT INTO trees VALUES (1, 'clinic')`)]);
  let place = 1;
  for (let commit = 0; commit < commits; commit++) {
    const count = commit % 4 === 3 ? 0 : 1 + Math.floor(random() ** 3 * 40);
    const added = Array.from({ length: count }, () => entryAt(place++, random)).flat();
    const erased = Math.floor(random() * place);
    await database.write([
      ...added,
      statement('DELETE FROM bodies WHERE place BETWEEN ? AND ?', erased, erased + 3),
      statement(
        `INSERT INTO meta VALUES ('epoch', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        bytes(random, 16 + Math.floor(random() * 300)),
      ),
    ]);
  }
}
