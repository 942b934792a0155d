import { toBase64Url } from '../../../shared/kernel/bytes.ts';
import type { Role } from '../../../shared/api/endpoint.ts';
import type { Body, Entry, SignedHead } from '../../../shared/log/entry.ts';
import type { PulledEntry } from '../../../shared/log/exchange.ts';
import { kindRule } from '../../../shared/log/kinds.ts';
import type { z } from 'zod';
import type { Database, Row } from '../database.ts';
import type { LogParts } from './log-parts.ts';
import { bytesOf, hexOf, indexOf, placeOf } from './places.ts';
import { openBody } from './stored-bodies.ts';

export interface PageRequest {
  readonly tree: number;
  /** The first index wanted, and the first not wanted. */
  readonly from: number;
  readonly to: number;
  readonly bodies: boolean;
  readonly role: Role;
}

export interface Page {
  readonly entries: readonly z.infer<typeof PulledEntry>[];
  readonly heads: readonly SignedHead[];
  readonly bodies: readonly Body[];
  /** Whose content should be here and is not. */
  readonly lacking: readonly string[];
}

/** Whether an account of this role may read what entries of the kind say; a kind nobody knows yet is passed on. */
function mayRead(kind: string, role: Role): boolean {
  return kindRule(kind)?.readers !== 'admin' || role === 'admin';
}

/** The columns that `headOf` reads, of `heads s` and `entries e`. */
export const headColumns = 's.place, e.h, e.device, e.n, s.key, s.sig';

export function headOf(clinic: string, row: Row): SignedHead {
  return {
    clinic,
    device: hexOf(row['device']),
    n: Number(row['n']),
    h: hexOf(row['h']),
    key: toBase64Url(bytesOf(row['key'])),
    sig: toBase64Url(bytesOf(row['sig'])),
  };
}

/** Heads that cover the entries of a page; the entry that one signs may stand behind the page. */
async function readHeads(
  database: Database,
  clinic: string,
  covers: ReadonlySet<number>,
): Promise<SignedHead[]> {
  const rows = await database.read({
    sql: `SELECT ${headColumns} FROM json_each(?) j
      CROSS JOIN heads s ON s.place = j.value CROSS JOIN entries e ON e.place = j.value`,
    args: [JSON.stringify([...covers])],
  });
  return rows.map((row) => headOf(clinic, row));
}

export async function readPage(
  clinic: string,
  { tree, from, to, bodies: wantsBodies, role }: PageRequest,
  { database, sealer }: Pick<LogParts, 'database' | 'sealer'>,
): Promise<Page> {
  const range = [placeOf(tree, from), placeOf(tree, to)];
  const rows = await database.read(
    wantsBodies
      ? {
          sql: `SELECT e.place, e.h, e.kind, e.eff_ts, e.recv_at, e.cover, e.json,
              CASE WHEN x.key IS NULL THEN b.sealed END AS sealed, x.key AS erased
            FROM entries e LEFT JOIN bodies b ON b.place = e.place
              LEFT JOIN folded_erased x ON x.tree = ?3 AND x.key = lower(hex(e.body_hash))
            WHERE e.place >= ?1 AND e.place < ?2 ORDER BY e.place`,
          args: [...range, tree],
        }
      : {
          sql: `SELECT place, h, kind, eff_ts, recv_at, cover, json, NULL AS sealed
            FROM entries WHERE place >= ? AND place < ? ORDER BY place`,
          args: range,
        },
  );
  const entries: z.infer<typeof PulledEntry>[] = [];
  const bodies: Body[] = [];
  const lacking: string[] = [];
  const covers = new Set<number>();
  for (const row of rows) {
    const h = hexOf(row['h']);
    const entry = JSON.parse(String(row['json'])) as Entry;
    const index = indexOf(Number(row['place']));
    const place = { h, index, effTs: Number(row['eff_ts']), recvAt: Number(row['recv_at']) };
    entries.push({ entry, place });
    covers.add(Number(row['cover']));
    const sealed = row['sealed'];
    if (wantsBodies && entry.bodyHash !== null && sealed === null && row['erased'] === null) lacking.push(h);
    if (sealed instanceof Uint8Array && entry.bodyHash !== null && mayRead(entry.kind, role)) {
      bodies.push(openBody(sealed, h, entry.bodyHash, sealer));
    }
  }
  return { entries, bodies, lacking, heads: await readHeads(database, clinic, covers) };
}
