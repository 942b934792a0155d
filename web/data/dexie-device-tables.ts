import { Dexie } from 'dexie';
import { AppError } from '../../shared/kernel/errors.ts';
import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from '../../shared/log/device-tables.ts';
import { refKey } from '../../shared/log/fold/row-cache.ts';
import { newDeviceState } from '../../shared/log/memory-device-tables.ts';
import type { RecordSealer } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { openBody, openRow, type SealedChanges, sealChanges } from './sealed-changes.ts';
import { recordOf, recordsOf, type StoredEntry, storedOf } from './stored-entry.ts';
import { translated } from './stored-failure.ts';

/**
 * The tables of the device that this database belongs to; an empty one becomes the given device's. Bodies and rows are sealed
 * before a transaction begins and opened after it has ended.
 * @throws AppError `sync.unknown-device` when it is empty and no device is given; `storage.*`
 */
export async function openDexieDeviceTables(
  database: RecordsDatabase,
  sealer: RecordSealer,
  identity?: DeviceIdentity,
): Promise<DeviceTables> {
  const { meta, entries, bodies, heads, rows, receipts, uploads } = database;

  await database.open();
  const found = await translated(async () =>
    database.change(async () => {
      const held = await meta.get('state');
      if (held !== undefined || identity === undefined) return held;
      return meta.add({ id: 'state', version: 0, state: newDeviceState(identity) });
    }),
  );
  if (found === undefined) throw new AppError('sync.unknown-device', 'no device was enrolled here');

  return {
    state: async () => {
      const held = await translated(async () => meta.get('state'));
      if (held === undefined) throw new AppError('storage.damaged', 'the state of this device is gone');
      return held;
    },
    entries: async (hs) => (await translated(async () => entries.bulkGet(unique(hs)))).flatMap(recordsOf),
    bodies: async (hashes) => {
      const stored = await translated(async () => bodies.bulkGet(unique(hashes)));
      return Promise.all(stored.filter((one) => one !== undefined).map((one) => openBody(sealer, one)));
    },
    heads: (hs) => translated(async () => heads.where('h').anyOf(unique(hs)).toArray()),
    queued: (limit) =>
      listed(entries.where('[sendRank+n]').between([-Infinity], [Infinity, Dexie.maxKey]).limit(limit)),
    chain: (device, from, limit) =>
      listed(entries.where('[device+n]').between([device, from], [device, Infinity]).limit(limit)),
    waiting: () => listed(entries.where('waits').equals(1)),
    aside: (limit) => listed(entries.where('code').above('').limit(limit)),
    rows: async (refs) => {
      const keys = refs.map(({ table, key }) => [table, key] as const);
      const stored = await translated(async () => rows.bulkGet(keys));
      const open = await Promise.all(
        stored.filter((one) => one !== undefined).map((one) => openRow(sealer, one)),
      );
      return new Map(open.map(({ table, key, row }) => [refKey({ table, key }), row]));
    },
    rowsAfter: async (table, after, limit) => {
      const range = rows.where('[name+key]').between([table, after], [table, Dexie.maxKey], false);
      const stored = await translated(async () => range.limit(limit).toArray());
      return Promise.all(stored.map((one) => openRow(sealer, one)));
    },
    receipts: async () => (await translated(async () => receipts.toArray())).map(({ receipt }) => receipt),
    blobs: (limit) => translated(async () => uploads.limit(limit).toArray()),
    counts: () =>
      translated(async () =>
        database.look(async () => ({
          entries: await entries.count(),
          outbox: await entries.where('[sendRank+n]').between([-Infinity], [Infinity, Dexie.maxKey]).count(),
          aside: await entries.where('code').above('').count(),
          waiting: await entries.where('waits').equals(1).count(),
        })),
      ),
    commit: async (changes, version) => {
      const sealed = await sealChanges(changes, sealer);
      return translated(async () => database.change(async () => write(database, changes, sealed, version)));
    },
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

async function listed(found: { toArray(): PromiseLike<StoredEntry[]> }): Promise<EntryRecord[]> {
  return (await translated(async () => found.toArray())).flatMap(recordsOf);
}

/** Inside the transaction, where nothing but the database may be waited for. */
async function write(
  { meta, entries, bodies, heads, rows, shorts, receipts, uploads }: RecordsDatabase,
  changes: TableChanges,
  sealed: SealedChanges,
  version: number,
): Promise<boolean> {
  const held = await meta.get('state');
  if (held?.version !== version) return false;
  await meta.put({ id: 'state', version: version + 1, state: changes.state ?? held.state });
  if (changes.forgetPlaces === true) {
    await entries.toCollection().modify((stored, ref) => {
      ref.value = storedOf({ ...recordOf(stored), place: null, receiptIndex: null });
    });
  }
  await entries.bulkPut((changes.entries ?? []).map(storedOf));
  await bodies.bulkPut([...sealed.bodies]);
  await bodies.bulkDelete([...(changes.erased ?? [])]);
  await heads.bulkPut([...(changes.heads ?? [])]);
  await rows.bulkPut([...sealed.rows]);
  await rows.bulkDelete([...sealed.goneRows]);
  await shorts.bulkPut([...sealed.shorts]);
  await shorts.bulkDelete([...sealed.goneRows]);
  await receipts.bulkAdd((changes.receipts ?? []).map((receipt) => ({ receipt })));
  await uploads.bulkPut([...(changes.blobs ?? [])]);
  await uploads.bulkDelete([...(changes.uploaded ?? [])]);
  return true;
}
