import type { Database } from '../database.ts';
import { hexOf, indexOf } from './places.ts';

/** What the hub knows of an entry that it holds, as far as a push can depend on it. */
export interface HeldEntry {
  readonly place: number;
  readonly index: number;
  readonly device: string;
  readonly n: number;
  readonly effTs: number;
  readonly recvAt: number;
  readonly hasBody: boolean;
}

/** Those of the names that the clinic holds, by name. */
export async function readHeld(
  database: Database,
  tree: number,
  hs: readonly string[],
): Promise<Map<string, HeldEntry>> {
  if (hs.length === 0) return new Map();
  const rows = await database.read({
    sql: `SELECT e.h, e.place, e.device, e.n, e.eff_ts, e.recv_at,
        EXISTS (SELECT 1 FROM bodies b WHERE b.place = e.place) AS has_body
      FROM json_each(?2) j CROSS JOIN entries e ON e.h = unhex(j.value)
      WHERE e.place >= (?1 << 32) AND e.place < ((?1 + 1) << 32)`,
    args: [tree, JSON.stringify(hs)],
  });
  return new Map(
    rows.map((row) => [
      hexOf(row['h']),
      {
        place: Number(row['place']),
        index: indexOf(Number(row['place'])),
        device: hexOf(row['device']),
        n: Number(row['n']),
        effTs: Number(row['eff_ts']),
        recvAt: Number(row['recv_at']),
        hasBody: row['has_body'] === 1,
      },
    ]),
  );
}

/** Held children of the same parents, by the parent's name; first entries of a device under the device's id. */
export async function readSiblings(
  database: Database,
  tree: number,
  entries: readonly { readonly device: string; readonly n: number }[],
): Promise<Map<string, string[]>> {
  const siblings = new Map<string, string[]>();
  if (entries.length === 0) return siblings;
  const rows = await database.read({
    sql: `SELECT DISTINCT e.h, e.prev, e.device FROM json_each(?2) j CROSS JOIN entries e
        ON e.device = unhex(j.value ->> 0) AND e.n = j.value ->> 1
      WHERE e.place >= (?1 << 32) AND e.place < ((?1 + 1) << 32)`,
    args: [tree, JSON.stringify(entries.map(({ device, n }) => [device, n]))],
  });
  for (const row of rows) {
    const parent = hexOf(row['prev'] ?? row['device']);
    siblings.set(parent, [...(siblings.get(parent) ?? []), hexOf(row['h'])]);
  }
  return siblings;
}
