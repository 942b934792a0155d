import { Dexie, type Table } from 'dexie';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Receipt } from '../../shared/log/checkpoint.ts';
import type { BlobRef, DeviceState } from '../../shared/log/device-store.ts';
import type { SignedHead } from '../../shared/log/entry.ts';
import type { StoredBody, StoredRow } from './sealed-changes.ts';
import type { StoredEntry } from './stored-entry.ts';
import { storageError } from './stored-failure.ts';

interface StoredState {
  readonly id: 'state';
  readonly version: number;
  readonly state: DeviceState;
}

interface SealedItem {
  readonly id: string;
  readonly sealed: ArrayBuffer;
}

export interface RecordsTables {
  readonly meta: Table<StoredState, 'state'>;
  readonly entries: Table<StoredEntry, string>;
  readonly bodies: Table<StoredBody, string>;
  readonly heads: Table<SignedHead, readonly [string, string]>;
  readonly rows: Table<StoredRow, readonly [string, string]>;
  /** Of images and results, one for each row: what lists show. */
  readonly shorts: Table<StoredRow, readonly [string, string]>;
  readonly receipts: Table<{ readonly receipt: Receipt }, number>;
  readonly uploads: Table<BlobRef, string>;
  readonly drafts: Table<{ readonly name: string; readonly sealed: ArrayBuffer }, string>;
  /** What was opened on this device, and what of it stays here. */
  readonly readings: Table<SealedItem, string>;
  readonly outcomes: Table<SealedItem, string>;
  readonly thumbnails: Table<SealedItem, string>;
  /** Files in sealed pieces of 1 MiB. ArrayBuffers, because Safari has lost Blobs. */
  readonly pieces: Table<
    { readonly sha256: string; readonly index: number; readonly sealed: ArrayBuffer },
    readonly [string, number]
  >;
}

export interface RecordsDatabase extends RecordsTables {
  /** All tables, written to the disk when it resolves. */
  change<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Several reads of one moment. */
  look<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Before anything else; brings an older version up to date. @throws AppError `storage.newer`, `storage.*` */
  open(): Promise<void>;
  close(): void;
}

export const recordsDatabaseName = 'fieldray-records';

const newestVersion = 2;
/** To the browser, a version of Dexie's is ten times as large. */
const dexieFactor = 10;

/**
 * The log of this device, apart from what the page keeps without an account: it can be thrown away and fetched from the hub
 * again.
 */
export function openRecordsDatabase(): RecordsDatabase {
  // What was signed must survive a power loss in the next second.
  const dexie = new Dexie(recordsDatabaseName, {
    chromeTransactionDurability: 'strict',
    autoOpen: false,
  });
  const first = {
    meta: 'id',
    entries: 'h, [device+n], [sendRank+n], waits, code',
    bodies: 'hash',
    heads: '[h+device], h',
    rows: '[name+key]',
    receipts: '++',
    uploads: 'sha256',
    drafts: 'name',
    pieces: '[sha256+index]',
  };
  dexie.version(1).stores(first);
  const second = { shorts: '[name+key]', readings: 'id', outcomes: 'id', thumbnails: 'id' };
  dexie.version(newestVersion).stores({ ...first, ...second });
  const names = Object.keys({ ...first, ...second });
  const tables = Object.fromEntries(
    names.map((name) => [name, dexie.table(name)]),
  ) as unknown as RecordsTables;
  const all = Object.values(tables) as Table[];
  return {
    ...tables,
    change: async (work) => dexie.transaction('rw', all, work),
    look: async (work) => dexie.transaction('r', all, work),
    async open() {
      try {
        await dexie.open();
      } catch (cause) {
        throw storageError(cause);
      }
      // Dexie opens what a later version of this program has made, and would write into it.
      const { version } = dexie.backendDB();
      if (version > newestVersion * dexieFactor) {
        dexie.close();
        throw new AppError('storage.newer', `the records have version ${version / dexieFactor}`);
      }
    },
    close: () => dexie.close(),
  };
}
