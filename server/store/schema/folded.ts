import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { trees } from './log.ts';

/**
 * What the log says, folded: every table here can be emptied and made again from `entries` and `bodies`. `clear` is JSON;
 * `personal` is sealed JSON.
 */
function folded<Name extends string>(name: Name) {
  return sqliteTable(
    name,
    {
      tree: integer()
        .notNull()
        .references(() => trees.tree),
      key: text().notNull(),
      clear: text().notNull(),
      personal: blob({ mode: 'buffer' }),
    },
    (table) => [primaryKey({ columns: [table.tree, table.key] })],
  );
}

export const foldedImages = folded('folded_images');
export const foldedResults = folded('folded_results');
export const foldedPreferences = folded('folded_preferences');
export const foldedUsers = folded('folded_users');
export const foldedDevices = folded('folded_devices');
export const foldedModels = folded('folded_models');
export const foldedOperatingPoints = folded('folded_operating_points');
export const foldedQuarantine = folded('folded_quarantine');
export const foldedQuarantineCounts = folded('folded_quarantine_counts');
export const foldedErased = folded('folded_erased');
