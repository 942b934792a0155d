import type { Receipt } from './checkpoint.ts';
import type { BlobRef, DeviceIdentity, DeviceState } from './device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from './device-tables.ts';
import type { Body, SignedHead } from './entry.ts';
import { refKey } from './fold/row-cache.ts';
import type { Row, TableName } from './fold/tables.ts';

/** The state of a device that has just been enrolled. */
export function newDeviceState(identity: DeviceIdentity): DeviceState {
  return {
    identity,
    last: null,
    clock: null,
    broken: null,
    epoch: null,
    cursor: 0,
    frontier: [],
    uncovered: [],
    verified: null,
    pledged: null,
    reconciling: false,
  };
}

/** Each once, in the order of the keys. */
function pick<Value>(all: ReadonlyMap<string, Value>, keys: Iterable<string>): Value[] {
  const found: Value[] = [];
  for (const key of new Set(keys)) {
    const value = all.get(key);
    if (value !== undefined) found.push(value);
  }
  return found;
}

/** A device that forgets everything with the program: for tests, and for looking into a log. */
export function createMemoryDeviceTables(identity: DeviceIdentity): DeviceTables {
  let state = newDeviceState(identity);
  let version = 0;
  const entries = new Map<string, EntryRecord>();
  const bodies = new Map<string, Body>();
  const heads = new Map<string, SignedHead[]>();
  const rows = new Map<string, { table: TableName; key: string; row: Row<TableName> }>();
  const receipts: Receipt[] = [];
  const blobs = new Map<string, BlobRef>();
  const queued = new Set<string>();
  const waiting = new Set<string>();
  const aside = new Set<string>();

  const put = (record: EntryRecord): void => {
    const { h } = record;
    entries.set(h, record);
    queued.delete(h);
    waiting.delete(h);
    aside.delete(h);
    if (record.code !== null) aside.add(h);
    else if (record.queued) queued.add(h);
    else if (record.place === null) waiting.add(h);
  };

  const apply = (changes: TableChanges): void => {
    if (changes.state !== undefined) state = changes.state;
    if (changes.forgetPlaces === true) {
      for (const record of entries.values()) put({ ...record, place: null, receiptIndex: null });
    }
    for (const record of changes.entries ?? []) put(record);
    for (const body of changes.bodies ?? []) bodies.set(body.bodyHash, body);
    for (const hash of changes.erased ?? []) bodies.delete(hash);
    for (const head of changes.heads ?? []) {
      const others = (heads.get(head.h) ?? []).filter(({ device }) => device !== head.device);
      heads.set(head.h, [...others, head]);
    }
    for (const { table, key, row } of changes.rows ?? []) {
      if (row === undefined) rows.delete(refKey({ table, key }));
      else rows.set(refKey({ table, key }), { table, key, row });
    }
    receipts.push(...(changes.receipts ?? []));
    for (const blob of changes.blobs ?? []) blobs.set(blob.sha256, blob);
    for (const sha256 of changes.uploaded ?? []) blobs.delete(sha256);
  };

  return {
    state: async () => ({ state, version }),
    entries: async (hs) => pick(entries, hs),
    bodies: async (hashes) => pick(bodies, hashes),
    heads: async (hs) => pick(heads, hs).flat(),
    queued: async (limit) =>
      pick(entries, queued)
        .sort((a, b) => a.rank - b.rank || a.entry.n - b.entry.n)
        .slice(0, limit),
    chain: async (device, from, limit) =>
      [...entries.values()]
        .filter(({ entry }) => entry.device === device && entry.n >= from)
        .sort((a, b) => a.entry.n - b.entry.n)
        .slice(0, limit),
    heldAfter: async (device, n, limit) => {
      const all = [...entries.values()]
        .filter(({ entry }) => entry.device > device || (entry.device === device && entry.n > n))
        .sort(
          (a, b) =>
            (a.entry.device < b.entry.device ? -1 : 1) * Number(a.entry.device !== b.entry.device) ||
            a.entry.n - b.entry.n,
        );
      const last = all[limit - 1]?.entry;
      return all.filter(
        ({ entry }, at) => at < limit || (entry.device === last?.device && entry.n === last.n),
      );
    },
    waiting: async () => pick(entries, waiting),
    aside: async (limit) => pick(entries, aside).slice(0, limit),
    rows: async (refs) => {
      const found = pick(rows, refs.map(refKey));
      return new Map(found.map(({ table, key, row }) => [refKey({ table, key }), row]));
    },
    rowsAfter: async (table, after, limit) =>
      [...rows.values()]
        .filter((row) => row.table === table && row.key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit)
        .map(({ key, row }) => ({ key, row })),
    receipts: async () => [...receipts],
    blobs: async (limit) => [...blobs.values()].slice(0, limit),
    counts: async () => ({
      entries: entries.size,
      outbox: queued.size,
      aside: aside.size,
      waiting: waiting.size,
    }),
    commit: async (changes, expected) => {
      if (expected !== version) return false;
      apply(changes);
      version++;
      return true;
    },
  };
}
