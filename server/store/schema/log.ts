import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * The log itself. `entries`, `heads`, `tree_nodes` and `checkpoints` refuse UPDATE and DELETE (triggers in the migration).
 * A place is one number: the clinic's tree times 2^32, plus the index in the clinic's order. So a page of a clinic is a
 * range of the primary key, and two writers who give out the same place collide.
 */

const bytes = (name: string) => blob(name, { mode: 'buffer' });

/** One for each clinic that has a log. */
export const trees = sqliteTable('trees', {
  tree: integer().primaryKey(),
  clinic: text().notNull().unique(),
});

export const entries = sqliteTable(
  'entries',
  {
    place: integer().primaryKey(),
    h: bytes('h').notNull().unique(),
    device: bytes('device').notNull(),
    n: integer().notNull(),
    prev: bytes('prev'),
    kind: text().notNull(),
    entity: text().notNull(),
    actor: text().notNull(),
    effTs: integer('eff_ts').notNull(),
    recvAt: integer('recv_at').notNull(),
    bodyHash: bytes('body_hash'),
    /** The place of the entry whose signed head covers this one; never before it. */
    cover: integer().notNull(),
    /** Canonical, as it was hashed. */
    json: text().notNull(),
  },
  (table) => [index('entries_device').on(table.device, table.n)],
);

/** The signature of the device over the entry at `place`. */
export const heads = sqliteTable('heads', {
  place: integer()
    .primaryKey()
    .references(() => entries.place),
  key: bytes('key').notNull(),
  sig: bytes('sig').notNull(),
});

/** Inner nodes of the trees, from level 1; a leaf is computed from its entry. */
export const treeNodes = sqliteTable(
  'tree_nodes',
  {
    tree: integer()
      .notNull()
      .references(() => trees.tree),
    level: integer().notNull(),
    position: integer().notNull(),
    hash: bytes('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tree, table.level, table.position] })],
);

/** Counted for each tree from 1: whoever appends, appends the next one, so two writers cannot both succeed. */
export const checkpoints = sqliteTable(
  'checkpoints',
  {
    tree: integer()
      .notNull()
      .references(() => trees.tree),
    no: integer().notNull(),
    epoch: bytes('epoch').notNull(),
    size: integer().notNull(),
    root: bytes('root').notNull(),
    at: integer().notNull(),
    sig: bytes('sig').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tree, table.no] }),
    index('checkpoints_size').on(table.tree, table.size),
  ],
);

/** Salt and text, sealed; gone when erased. */
export const bodies = sqliteTable('bodies', {
  place: integer()
    .primaryKey()
    .references(() => entries.place),
  sealed: bytes('sealed').notNull(),
});

/** Single values of the hub, such as its sealed root key. */
export const meta = sqliteTable('meta', {
  name: text().primaryKey(),
  value: bytes('value').notNull(),
});
