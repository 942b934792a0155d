import type { Database } from '../store/database.ts';

/** Raised with every change of the tables below. */
const schemaVersion = 1;

/**
 * The tables of one device. What is personal (bodies, the personal part of rows) is sealed. Entries, heads and receipts are
 * only added: triggers refuse the rest.
 */
const schema = [
  'CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, json TEXT NOT NULL)',
  // Nothing is ever written here: a row without a value is how a batch refuses itself (`libsql-device-tables.ts`).
  'CREATE TABLE guard (unmoved INTEGER NOT NULL)',
  `CREATE TABLE entries (h TEXT PRIMARY KEY, device TEXT NOT NULL, n INTEGER NOT NULL, json TEXT NOT NULL, rank REAL NOT NULL,
    queued INTEGER NOT NULL, place INTEGER, eff_ts INTEGER, recv_at INTEGER, vouched INTEGER NOT NULL, receipt_index INTEGER,
    code TEXT) WITHOUT ROWID`,
  'CREATE INDEX entries_queued ON entries (rank, n) WHERE queued = 1',
  'CREATE INDEX entries_of ON entries (device, n)',
  'CREATE INDEX entries_waiting ON entries (h) WHERE place IS NULL AND queued = 0 AND code IS NULL',
  'CREATE INDEX entries_aside ON entries (code) WHERE code IS NOT NULL',
  'CREATE TABLE bodies (hash TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID',
  'CREATE TABLE heads (h TEXT NOT NULL, device TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (h, device)) WITHOUT ROWID',
  `CREATE TABLE folded (name TEXT NOT NULL, key TEXT NOT NULL, clear TEXT NOT NULL, personal BLOB,
    PRIMARY KEY (name, key)) WITHOUT ROWID`,
  'CREATE TABLE receipts (id INTEGER PRIMARY KEY, json TEXT NOT NULL)',
  'CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, type TEXT NOT NULL) WITHOUT ROWID',
  ...['entries', 'heads', 'receipts'].flatMap((table) => {
    const what = table === 'entries' ? 'UPDATE OF h, device, n, json' : 'UPDATE';
    const refuse = `BEGIN SELECT RAISE(ABORT, 'the log only grows'); END`;
    return [
      `CREATE TRIGGER ${table}_keep BEFORE ${what} ON ${table} ${refuse}`,
      `CREATE TRIGGER ${table}_stay BEFORE DELETE ON ${table} ${refuse}`,
    ];
  }),
  `PRAGMA user_version = ${schemaVersion}`,
];

/** Makes the tables in an empty database. @returns false when they are of a version that this program does not know */
export async function makeDeviceTables(database: Database): Promise<boolean> {
  const [row] = await database.read({ sql: 'PRAGMA user_version', args: [] });
  const found = Number(row?.['user_version'] ?? 0);
  if (found === 0) await database.write(schema.map((sql) => ({ sql, args: [] })));
  return found <= schemaVersion;
}
