import { fromBase64Url, toHex } from '../../../shared/kernel/bytes.ts';
import type { Statement } from '../database.ts';
import type { TakenEntry } from './check-push.ts';

export interface PlacedEntry extends TakenEntry {
  readonly place: number;
  readonly index: number;
  readonly effTs: number;
  readonly recvAt: number;
}

/** Entries and the heads that cover them; fails where another writer has given out one of the places. */
export function insertEntries(placed: readonly PlacedEntry[]): Statement[] {
  const places = new Map(placed.map(({ h, place }) => [h, place]));
  const rows = placed.map(({ place, h, entry, effTs, recvAt, coveredBy, text }) => [
    place,
    h,
    entry.device,
    entry.n,
    entry.prev,
    entry.kind,
    entry.entity,
    entry.actor,
    effTs,
    recvAt,
    entry.bodyHash,
    places.get(coveredBy)!,
    text,
  ]);
  const heads = placed.flatMap(({ place, head }) =>
    head === null ? [] : [[place, toHex(fromBase64Url(head.key)), toHex(fromBase64Url(head.sig))]],
  );
  return [
    {
      sql: `INSERT INTO entries
          (place, h, device, n, prev, kind, entity, actor, eff_ts, recv_at, body_hash, cover, json)
        SELECT value ->> 0, unhex(value ->> 1), unhex(value ->> 2), value ->> 3, unhex(value ->> 4), value ->> 5,
          value ->> 6, value ->> 7, value ->> 8, value ->> 9, unhex(value ->> 10), value ->> 11, value ->> 12
        FROM json_each(?)`,
      args: [JSON.stringify(rows)],
    },
    {
      sql: `INSERT INTO heads (place, key, sig)
        SELECT value ->> 0, unhex(value ->> 1), unhex(value ->> 2) FROM json_each(?)`,
      args: [JSON.stringify(heads)],
    },
  ];
}
