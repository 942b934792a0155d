import type { FoldSource } from '../../../shared/log/fold/fold-page.ts';
import type { FoldStep } from '../../../shared/log/fold/fold-step.ts';
import { isVouched } from '../../../shared/log/fold/vouch.ts';
import type { Body, Entry } from '../../../shared/log/entry.ts';
import type { Database, Row } from '../database.ts';
import type { LogParts } from './log-parts.ts';
import { readRows } from './folded-rows.ts';
import { hexOf, placeOf } from './places.ts';
import { openBody } from './stored-bodies.ts';

/** A stored entry of which nothing is hidden. */
export interface StoredEntry {
  readonly h: string;
  readonly entry: Entry;
  readonly place: number;
  readonly effTs: number;
  readonly recvAt: number;
  readonly body: Body | null;
}

/** The columns that `storedEntry` reads, of `entries e LEFT JOIN bodies b`. */
export const storedColumns = 'e.h, e.place, e.eff_ts, e.recv_at, e.json, b.sealed';

export function storedEntry(row: Row, { sealer }: Pick<LogParts, 'sealer'>): StoredEntry {
  const h = hexOf(row['h']);
  // What is stored was parsed when it came; its hash is its own check.
  const entry = JSON.parse(String(row['json'])) as Entry;
  const sealed = row['sealed'];
  return {
    h,
    entry,
    place: Number(row['place']),
    effTs: Number(row['eff_ts']),
    recvAt: Number(row['recv_at']),
    body:
      sealed instanceof Uint8Array && entry.bodyHash !== null
        ? openBody(sealed, h, entry.bodyHash, sealer)
        : null,
  };
}

export async function foldStep(stored: StoredEntry, { rootKey, crypto }: LogParts): Promise<FoldStep> {
  const { h, entry, effTs, body } = stored;
  return {
    h,
    entry,
    place: { effTs },
    body,
    vouched: await isVouched(entry, body, rootKey.publicKey, crypto),
  };
}

/**
 * What the fold of a clinic reads.
 * @param end the place behind the last entry that is there: of a later one nothing is known yet
 */
export function createFoldSource(
  parts: LogParts,
  tree: number,
  end: number = placeOf(tree + 1, 0),
): FoldSource {
  const { database, sealer } = parts;
  return {
    rows: (refs) => readRows(database, sealer, tree, refs),
    async steps(hs) {
      if (hs.length === 0) return [];
      const rows = await readStored(database, hs, end);
      return Promise.all(rows.map((row) => foldStep(storedEntry(row, parts), parts)));
    },
  };
}

function readStored(database: Database, hs: readonly string[], end: number): Promise<readonly Row[]> {
  return database.read({
    sql: `SELECT ${storedColumns} FROM json_each(?1) j CROSS JOIN entries e ON e.h = unhex(j.value)
      LEFT JOIN bodies b ON b.place = e.place WHERE e.place < ?2`,
    args: [JSON.stringify(hs), end],
  });
}
