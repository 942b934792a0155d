import type { Placement, Receipt } from './checkpoint.ts';
import type { BlobRef, DeviceState, StoreCounts } from './device-store.ts';
import type { Body, Entry, SignedHead } from './entry.ts';
import type { RowChange } from './fold/row-cache.ts';
import type { Row, RowRef, TableName } from './fold/tables.ts';

/** An entry and what this device knows of its way. */
export interface EntryRecord {
  readonly h: string;
  readonly entry: Entry;
  /** The order of sending: the place that it had, or its time for one that never had any. */
  readonly rank: number;
  /** In the outbox. */
  readonly queued: boolean;
  /** Undefined while the hub's order does not say. */
  readonly place: Placement | null;
  readonly vouched: boolean;
  /** The place that a receipt gave it in this epoch. */
  readonly receiptIndex: number | null;
  /** Why it was set aside. */
  readonly code: string | null;
}

/** All of it is written, or nothing. What has the same key is replaced. */
export interface TableChanges {
  readonly state?: DeviceState;
  /** Done first: every entry loses its place and its `receiptIndex`. */
  readonly forgetPlaces?: true;
  readonly entries?: readonly EntryRecord[];
  readonly bodies?: readonly Body[];
  /** Hashes of bodies to delete; done after `bodies`. */
  readonly erased?: readonly string[];
  readonly heads?: readonly SignedHead[];
  readonly rows?: readonly RowChange[];
  readonly receipts?: readonly Receipt[];
  readonly blobs?: readonly BlobRef[];
  readonly uploaded?: readonly string[];
}

/**
 * The tables under a device's store: what memory, SQL and IndexedDB each have to bring. Rules are not theirs; those stand in
 * `open-device-store.ts`, once. Reads see every commit before them, also of other programs.
 */
export interface DeviceTables {
  /** `version` changes with every commit. */
  state(): Promise<{ readonly state: DeviceState; readonly version: number }>;
  /** Those that are held, in any order; so below. */
  entries(hs: readonly string[]): Promise<readonly EntryRecord[]>;
  bodies(hashes: readonly string[]): Promise<readonly Body[]>;
  /** By the entries that they end with. */
  heads(hs: readonly string[]): Promise<readonly SignedHead[]>;
  /** Entries in the outbox, by rank and then `n`. */
  queued(limit: number): Promise<readonly EntryRecord[]>;
  /** All that are held of one device, by `n`, beginning with this one. */
  chain(device: string, from: number, limit: number): Promise<readonly EntryRecord[]>;
  /** All, by device and `n`, behind this one; with the last one all others of its device and `n`, beyond the limit too. */
  heldAfter(device: string, n: number, limit: number): Promise<readonly EntryRecord[]>;
  /** Neither placed, nor in the outbox, nor set aside. */
  waiting(): Promise<readonly EntryRecord[]>;
  aside(limit: number): Promise<readonly EntryRecord[]>;
  /** By `refKey`. */
  rows(refs: readonly RowRef[]): Promise<ReadonlyMap<string, Row<TableName>>>;
  /** By key, those greater than `after`. */
  rowsAfter(
    table: TableName,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly row: Row<TableName> }[]>;
  receipts(): Promise<readonly Receipt[]>;
  blobs(limit: number): Promise<readonly BlobRef[]>;
  counts(): Promise<StoreCounts>;
  /**
   * Durable when it resolves. False, and nothing is written, when the version is another by now.
   * @throws AppError `storage.full`
   */
  commit(changes: TableChanges, version: number): Promise<boolean>;
}
