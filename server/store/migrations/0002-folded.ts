import type { Migration } from './migration.ts';

const tables = [
  'folded_images',
  'folded_results',
  'folded_preferences',
  'folded_users',
  'folded_devices',
  'folded_models',
  'folded_operating_points',
  'folded_quarantine',
  'folded_quarantine_counts',
  'folded_erased',
];

export const folded: Migration = {
  id: 2,
  name: 'folded',
  statements: tables.map(
    (table) => `CREATE TABLE ${table} (
      tree integer NOT NULL REFERENCES trees (tree),
      key text NOT NULL,
      clear text NOT NULL CHECK (json_valid(clear)),
      personal blob,
      PRIMARY KEY (tree, key)
    ) STRICT`,
  ),
};
