import type { LogParts } from './log-parts.ts';
import { endWithin } from './bounded-bodies.ts';
import { storedColumns, storedEntry, type StoredEntry } from './fold-source.ts';
import { placeOf } from './places.ts';

const pageSize = 200;

/** Entries in the clinic's order, from one index up to another that is not read. */
export async function* readStored(
  parts: Pick<LogParts, 'database' | 'sealer'>,
  tree: number,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEntry[]> {
  for (let index = from; index < to;) {
    const end = await endWithin(parts.database, tree, index, Math.min(index + pageSize, to));
    const rows = await parts.database.read({
      sql: `SELECT ${storedColumns} FROM entries e LEFT JOIN bodies b ON b.place = e.place
          AND NOT EXISTS (SELECT 1 FROM folded_erased x WHERE x.tree = ?3 AND x.key = lower(hex(e.body_hash)))
        WHERE e.place >= ?1 AND e.place < ?2 ORDER BY e.place`,
      args: [placeOf(tree, index), placeOf(tree, end), tree],
    });
    yield rows.map((row) => storedEntry(row, parts));
    index = end;
  }
}
