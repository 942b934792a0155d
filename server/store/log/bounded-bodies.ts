import type { Database, Row } from '../database.ts';
import { indexOf, placeOf } from './places.ts';

/** Of sealed bodies that are in memory at once. A single one may be larger than this leaves room for, and comes alone. */
const mostBytes = 8 * 1024 * 1024;

/** How many of these come together: as many as fit, and at least one. @param rows with a column `bytes` */
export function countWithin(rows: readonly Row[]): number {
  let bytes = 0;
  const end = rows.findIndex((row, at) => {
    bytes += Number(row['bytes']);
    return at > 0 && bytes > mostBytes;
  });
  return end === -1 ? rows.length : end;
}

/** The index in front of which a page from `from` to `to` ends, so that its bodies can be in memory together. */
export async function endWithin(database: Database, tree: number, from: number, to: number): Promise<number> {
  const args = [placeOf(tree, from), placeOf(tree, to)];
  // SQLite takes lengths from the heads of records: nothing of the bodies is read.
  const [all] = await database.read({
    sql: 'SELECT total(length(sealed)) AS bytes FROM bodies WHERE place >= ? AND place < ?',
    args,
  });
  if (Number(all?.['bytes']) <= mostBytes) return to;
  const rows = await database.read({
    sql: 'SELECT place, length(sealed) AS bytes FROM bodies WHERE place >= ? AND place < ? ORDER BY place',
    args,
  });
  const beyond = rows[countWithin(rows)];
  return beyond === undefined ? to : indexOf(Number(beyond['place']));
}
