import { utf8 } from '../../shared/kernel/bytes.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import type { EntryRecord, TableChanges } from '../../shared/log/device-tables.ts';
import { entryText } from '../../shared/log/entry.ts';
import type { RowChange } from '../../shared/log/fold/row-cache.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import type { SqlValue, Statement } from '../store/database.ts';

/** Where a sealed text belongs: it cannot be opened at another place. */
export const bodyPlace = (hash: string): string => `device.bodies\n${hash}\n1`;
export const rowPlace = (table: string, key: string): string => `device.folded\n${table}\n${key}\n1`;

type Seal = Pick<Sealer, 'seal'>;

const statement = (sql: string, ...args: SqlValue[]): Statement => ({ sql, args });
const json = (value: unknown): string => canonicalJson(value as Json);

/** One batch: it fails as a whole with a violation of `guard.unmoved` when the version is another by now. */
export function changeStatements(changes: TableChanges, version: number, sealer: Seal): Statement[] {
  const { state, entries = [], bodies = [], erased = [], heads = [], rows = [] } = changes;
  return [
    statement(
      'INSERT INTO guard (unmoved) SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM meta WHERE version = ?)',
      version,
    ),
    statement('UPDATE meta SET version = version + 1'),
    ...(state === undefined ? [] : [statement('UPDATE meta SET json = ?', json(state))]),
    ...(changes.forgetPlaces === true
      ? [statement('UPDATE entries SET place = NULL, eff_ts = NULL, recv_at = NULL, receipt_index = NULL')]
      : []),
    ...entries.map(putEntry),
    ...bodies.map(({ bodyHash, salt, text }) =>
      statement(
        'INSERT INTO bodies (hash, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING',
        bodyHash,
        sealer.seal(utf8(json({ salt, text })), bodyPlace(bodyHash)),
      ),
    ),
    ...erased.map((hash) => statement('DELETE FROM bodies WHERE hash = ?', hash)),
    ...heads.map((head) =>
      statement(
        'INSERT INTO heads (h, device, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        head.h,
        head.device,
        json(head),
      ),
    ),
    ...rows.map((change) => putRow(change, sealer)),
    ...(changes.receipts ?? []).map((receipt) =>
      statement('INSERT INTO receipts (json) VALUES (?)', json(receipt)),
    ),
    ...(changes.blobs ?? []).map(({ sha256, bytes, type }) =>
      statement(
        'INSERT INTO blobs (sha256, bytes, type) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        sha256,
        bytes,
        type,
      ),
    ),
    ...(changes.uploaded ?? []).map((sha256) => statement('DELETE FROM blobs WHERE sha256 = ?', sha256)),
  ];
}

function putEntry(record: EntryRecord): Statement {
  const { h, entry, rank, queued, place, vouched, receiptIndex, code } = record;
  return statement(
    `INSERT INTO entries (h, device, n, json, rank, queued, place, eff_ts, recv_at, vouched, receipt_index, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (h) DO UPDATE SET rank = excluded.rank, queued = excluded.queued, place = excluded.place,
        eff_ts = excluded.eff_ts, recv_at = excluded.recv_at, vouched = excluded.vouched,
        receipt_index = excluded.receipt_index, code = excluded.code`,
    h,
    entry.device,
    entry.n,
    entryText(entry),
    rank,
    Number(queued),
    place?.index ?? null,
    place?.effTs ?? null,
    place?.recvAt ?? null,
    Number(vouched),
    receiptIndex,
    code,
  );
}

function putRow({ table, key, row }: RowChange, sealer: Seal): Statement {
  if (row === undefined) return statement('DELETE FROM folded WHERE name = ? AND key = ?', table, key);
  const isEmpty = Object.keys(row.personal).length === 0;
  return statement(
    'INSERT OR REPLACE INTO folded (name, key, clear, personal) VALUES (?, ?, ?, ?)',
    table,
    key,
    json(row.clear),
    isEmpty ? null : sealer.seal(utf8(json(row.personal)), rowPlace(table, key)),
  );
}
