import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { BlobRef, DeviceIdentity, DeviceState } from '../../shared/log/device-store.ts';
import type { DeviceTables, EntryRecord } from '../../shared/log/device-tables.ts';
import type { Body } from '../../shared/log/entry.ts';
import { refKey } from '../../shared/log/fold/row-cache.ts';
import type { Row as FoldedRow, TableName } from '../../shared/log/fold/tables.ts';
import { newDeviceState } from '../../shared/log/memory-device-tables.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import type { Database, Row, SqlValue } from '../store/database.ts';
import { makeDeviceTables } from './device-schema.ts';
import { bodyPlace, changeStatements, rowPlace } from './device-statements.ts';

/** Where a device keeps its log in a libSQL database. */
export interface DeviceDatabase {
  readonly database: Database;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
}

/**
 * The tables of the device that this database belongs to; an empty one becomes the given device's.
 * @throws AppError `sync.unknown-device` when it is empty and no device is given; `storage.newer` when it was written by a
 * later version of this program
 */
export async function openLibsqlDeviceTables(
  { database, sealer }: DeviceDatabase,
  identity?: DeviceIdentity,
): Promise<DeviceTables> {
  if (!(await makeDeviceTables(database))) {
    throw new AppError('storage.newer', 'these records were written by a later version of Fieldray');
  }
  const all = (sql: string, ...args: SqlValue[]): Promise<readonly Row[]> => database.read({ sql, args });
  const [meta] = await all('SELECT 1 FROM meta');
  if (meta === undefined) {
    if (identity === undefined) throw new AppError('sync.unknown-device', 'no device was enrolled here');
    const json = canonicalJson(newDeviceState(identity) as unknown as Json);
    const sql = 'INSERT INTO meta (id, version, json) VALUES (1, 0, ?) ON CONFLICT DO NOTHING';
    await database.write([{ sql, args: [json] }]);
  }
  const list = (values: readonly string[]): string => JSON.stringify([...new Set(values)]);
  const opened = (sealed: SqlValue | undefined, place: string): string =>
    new TextDecoder('utf-8', { fatal: true }).decode(sealer.open(sealed as Uint8Array, place));

  const folded = (row: Row): FoldedRow<TableName> => {
    const { name, key, clear, personal } = row;
    const place = rowPlace(String(name), String(key));
    return {
      clear: jsonOf(clear) as FoldedRow<TableName>['clear'],
      personal:
        personal === null ? {} : (JSON.parse(opened(personal, place)) as FoldedRow<TableName>['personal']),
    };
  };

  return {
    state: async () => {
      const [row] = await all('SELECT version, json FROM meta');
      return { state: jsonOf(row?.['json']) as DeviceState, version: Number(row?.['version']) };
    },
    entries: async (hs) =>
      (await all('SELECT * FROM entries WHERE h IN (SELECT value FROM json_each(?))', list(hs))).map(
        recordOf,
      ),
    bodies: async (hashes) => {
      const rows = await all(
        'SELECT * FROM bodies WHERE hash IN (SELECT value FROM json_each(?))',
        list(hashes),
      );
      return rows.map(({ hash, sealed }): Body => {
        const { salt, text } = JSON.parse(opened(sealed, bodyPlace(String(hash)))) as Omit<Body, 'bodyHash'>;
        return { bodyHash: String(hash), salt, text };
      });
    },
    heads: async (hs) => {
      const rows = await all('SELECT json FROM heads WHERE h IN (SELECT value FROM json_each(?))', list(hs));
      return rows.map(({ json }) => jsonOf(json) as never);
    },
    queued: async (limit) =>
      (await all('SELECT * FROM entries WHERE queued = 1 ORDER BY rank, n LIMIT ?', limit)).map(recordOf),
    chain: async (device, from, limit) => {
      const sql = 'SELECT * FROM entries WHERE device = ? AND n >= ? ORDER BY n LIMIT ?';
      return (await all(sql, device, from, limit)).map(recordOf);
    },
    heldAfter: async (device, n, limit) => {
      const rows = await all(
        'SELECT * FROM entries WHERE (device, n) > (?, ?) ORDER BY device, n LIMIT ?',
        device,
        n,
        limit,
      );
      const last = rows[limit - 1];
      if (last === undefined) return rows.map(recordOf);
      const place = [last['device']!, last['n']!];
      const whole = rows.filter((row) => row['device'] !== place[0] || row['n'] !== place[1]);
      const siblings = await all('SELECT * FROM entries WHERE device = ? AND n = ?', ...place);
      return [...whole, ...siblings].map(recordOf);
    },
    waiting: async () =>
      (await all('SELECT * FROM entries WHERE place IS NULL AND queued = 0 AND code IS NULL')).map(recordOf),
    aside: async (limit) =>
      (await all('SELECT * FROM entries WHERE code IS NOT NULL LIMIT ?', limit)).map(recordOf),
    rows: async (refs) => {
      const wanted = JSON.stringify(refs.map(({ table, key }) => [table, key]));
      const rows = await all(
        `SELECT folded.* FROM json_each(?) AS wanted
          JOIN folded ON folded.name = wanted.value ->> 0 AND folded.key = wanted.value ->> 1`,
        wanted,
      );
      return new Map(
        rows.map((row) => [
          refKey({ table: String(row['name']) as TableName, key: String(row['key']) }),
          folded(row),
        ]),
      );
    },
    rowsAfter: async (table, after, limit) => {
      const sql = 'SELECT * FROM folded WHERE name = ? AND key > ? ORDER BY key LIMIT ?';
      const rows = await all(sql, table, after, limit);
      return rows.map((row) => ({ key: String(row['key']), row: folded(row) }));
    },
    receipts: async () =>
      (await all('SELECT json FROM receipts ORDER BY id')).map(({ json }) => jsonOf(json) as never),
    blobs: async (limit) =>
      (await all('SELECT * FROM blobs LIMIT ?', limit)) as unknown as readonly BlobRef[],
    counts: async () => {
      const [row] = await all(`SELECT count(*) AS entries,
        count(*) FILTER (WHERE queued = 1) AS outbox,
        count(*) FILTER (WHERE code IS NOT NULL) AS aside,
        count(*) FILTER (WHERE place IS NULL AND queued = 0 AND code IS NULL) AS waiting FROM entries`);
      const of = (name: string): number => Number(row?.[name] ?? 0);
      return { entries: of('entries'), outbox: of('outbox'), aside: of('aside'), waiting: of('waiting') };
    },
    commit: async (changes, version) => {
      try {
        await database.write(changeStatements(changes, version, sealer));
        return true;
      } catch (error) {
        if (describeThrown(error).includes('guard.unmoved')) return false;
        throw error;
      }
    },
  };
}

const jsonOf = (json: SqlValue | undefined): unknown => JSON.parse(String(json));

function recordOf(row: Row): EntryRecord {
  const index = row['place'];
  const h = String(row['h']);
  const place =
    index === null
      ? null
      : { h, index: Number(index), effTs: Number(row['eff_ts']), recvAt: Number(row['recv_at']) };
  const receiptIndex = row['receipt_index'];
  return {
    h,
    entry: jsonOf(row['json']) as EntryRecord['entry'],
    rank: Number(row['rank']),
    queued: row['queued'] === 1,
    place,
    vouched: row['vouched'] === 1,
    receiptIndex: receiptIndex === null ? null : Number(receiptIndex),
    code: row['code'] === null ? null : String(row['code']),
  };
}
