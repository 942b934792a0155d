import { Dexie, type EntityTable, type Table } from 'dexie';
import type { StoredRuntimes } from '../engine/runtime-store.ts';
import type { Outcome, Reading } from './reading.ts';

interface Tables {
  readonly readings: EntityTable<Reading, 'id'>;
  /** The files as they were chosen. ArrayBuffers, because Safari has lost Blobs. */
  readonly files: Table<ArrayBuffer, string>;
  readonly outcomes: Table<Outcome, string>;
  /** PNG. */
  readonly thumbnails: Table<ArrayBuffer, string>;
  readonly settings: Table<StoredRuntimes, 'runtimes'>;
  /** In the table of the settings, too: one value needs no table of its own. */
  readonly keys: Table<ArrayBuffer, 'pseudonym-key'>;
}

/** What belongs to the person at this device. Models and runtimes are kept elsewhere and can be thrown away; this cannot. */
export interface Database extends Tables {
  /** On the disk when it resolves. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  /** For states on the way, at which a power loss costs nothing: without waiting for the disk, on tables of its own. */
  passing<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result>;
}

export const databaseName = 'fieldray';

export function openDatabase(): Database {
  // A result that has been shown must survive a power loss in the next second.
  const strict = declare(new Dexie(databaseName, { chromeTransactionDurability: 'strict' }));
  const relaxed = declare(new Dexie(databaseName));
  return {
    ...tablesOf(strict),
    transaction: async (work) => strict.transaction('rw', ofPerson, work),
    passing: async (work) => relaxed.transaction('rw', ofPerson, () => work(tablesOf(relaxed))),
  };
}

const ofPerson = ['readings', 'files', 'outcomes', 'thumbnails'];

function declare(dexie: Dexie): Dexie {
  dexie.version(1).stores({
    readings: 'id, addedAt, [state+addedAt]',
    // Keys from outside: what lies in these tables has no room for one.
    files: '',
    outcomes: '',
    thumbnails: '',
    settings: '',
  });
  return dexie;
}

function tablesOf(dexie: Dexie): Tables {
  return {
    readings: dexie.table('readings') as EntityTable<Reading, 'id'>,
    files: dexie.table('files') as Table<ArrayBuffer, string>,
    outcomes: dexie.table('outcomes') as Table<Outcome, string>,
    thumbnails: dexie.table('thumbnails') as Table<ArrayBuffer, string>,
    settings: dexie.table('settings') as Table<StoredRuntimes, 'runtimes'>,
    keys: dexie.table('settings') as Table<ArrayBuffer, 'pseudonym-key'>,
  };
}
