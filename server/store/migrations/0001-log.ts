import type { Migration } from './migration.ts';

const appendOnly = ['entries', 'heads', 'tree_nodes', 'checkpoints'].flatMap((table) =>
  ['UPDATE', 'DELETE'].map(
    (change) => `CREATE TRIGGER ${table}_refuse_${change.toLowerCase()} BEFORE ${change} ON ${table}
     BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END`,
  ),
);

/** STRICT, so that a hash can never be stored as a text by mistake and then not be found. */
export const log: Migration = {
  id: 1,
  name: 'log',
  statements: [
    `CREATE TABLE trees (
      tree integer PRIMARY KEY NOT NULL CHECK (tree BETWEEN 1 AND 2097151),
      clinic text NOT NULL
    ) STRICT`,
    `CREATE UNIQUE INDEX trees_clinic_unique ON trees (clinic)`,
    `CREATE TABLE entries (
      place integer PRIMARY KEY NOT NULL,
      h blob NOT NULL CHECK (length(h) = 32),
      device blob NOT NULL CHECK (length(device) = 16),
      n integer NOT NULL CHECK (n > 0),
      prev blob CHECK ((prev IS NULL) = (n = 1)),
      kind text NOT NULL,
      entity text NOT NULL,
      actor text NOT NULL,
      eff_ts integer NOT NULL,
      recv_at integer NOT NULL,
      body_hash blob,
      cover integer NOT NULL CHECK (cover >= place),
      json text NOT NULL
    ) STRICT`,
    `CREATE UNIQUE INDEX entries_h_unique ON entries (h)`,
    `CREATE INDEX entries_device ON entries (device, n)`,
    `CREATE TABLE heads (
      place integer PRIMARY KEY NOT NULL REFERENCES entries (place),
      key blob NOT NULL CHECK (length(key) = 32),
      sig blob NOT NULL CHECK (length(sig) = 64)
    ) STRICT`,
    `CREATE TABLE tree_nodes (
      tree integer NOT NULL REFERENCES trees (tree),
      level integer NOT NULL CHECK (level > 0),
      position integer NOT NULL,
      hash blob NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (tree, level, position)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE checkpoints (
      tree integer NOT NULL REFERENCES trees (tree),
      no integer NOT NULL CHECK (no > 0),
      epoch blob NOT NULL CHECK (length(epoch) = 16),
      size integer NOT NULL,
      root blob NOT NULL CHECK (length(root) = 32),
      at integer NOT NULL,
      sig blob NOT NULL CHECK (length(sig) = 64),
      PRIMARY KEY (tree, no)
    ) STRICT, WITHOUT ROWID`,
    ...appendOnly,
    `CREATE TABLE bodies (
      place integer PRIMARY KEY NOT NULL REFERENCES entries (place),
      sealed blob NOT NULL
    ) STRICT`,
    `CREATE TABLE meta (
      name text PRIMARY KEY NOT NULL,
      value blob NOT NULL
    ) STRICT, WITHOUT ROWID`,
  ],
};
