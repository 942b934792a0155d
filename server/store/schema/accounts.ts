import { type AnySQLiteColumn, blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Beside the log: who may sign in and who is. Rights are facts of the log; a row here changes only together with its fact.
 * Times are milliseconds since 1970. Addresses of people and names of devices are sealed, and an address is found by its blind index.
 */

const sealed = (name: string) => blob(name, { mode: 'buffer' });

export const clinics = sqliteTable('clinics', {
  id: text().primaryKey(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull(),
});

/** One row, written with the first clinic: of two set-ups at once, the second one fails on it. */
export const setup = sqliteTable('setup', {
  id: integer().primaryKey(),
  doneAt: integer('done_at').notNull(),
});

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    clinic: text()
      .notNull()
      .references(() => clinics.id),
    emailIndex: text('email_index').notNull().unique(),
    email: sealed('email').notNull(),
    role: text().notNull(),
    /** `waiting`, `active` or `disabled`. */
    status: text().notNull(),
    /** PHC string. */
    passwordHash: text('password_hash').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('users_clinic').on(table.clinic, table.createdAt, table.id)],
);

export const enrolments = sqliteTable(
  'enrolments',
  {
    /** The device's id. */
    device: text().primaryKey(),
    clinic: text()
      .notNull()
      .references(() => clinics.id),
    user: text()
      .notNull()
      .references(() => users.id),
    name: sealed('name').notNull(),
    enrolledAt: integer('enrolled_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('enrolments_clinic').on(table.clinic, table.enrolledAt, table.device)],
);

/** A session is a family of refresh tokens, each made from the one before; only the hash of the newest is kept. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    user: text()
      .notNull()
      .references((): AnySQLiteColumn => users.id),
    client: text().notNull(),
    device: text().references(() => enrolments.device),
    /** Which refresh token is the newest, from 0. */
    generation: integer().notNull(),
    tokenHash: text('token_hash').notNull(),
    rotatedAt: integer('rotated_at').notNull(),
    startedAt: integer('started_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    endedAt: integer('ended_at'),
    /** `signed-out`, `reused` …; set together with the time. */
    endedWhy: text('ended_why'),
  },
  (table) => [index('sessions_user').on(table.user), index('sessions_device').on(table.device)],
);

/** Keys that sign access tokens and grants, and the one that makes refresh tokens; the private part is sealed. */
export const tokenKeys = sqliteTable(
  'token_keys',
  {
    kid: text().primaryKey(),
    purpose: text().notNull(),
    /** Base64url; empty for a secret that is no key pair. */
    publicKey: text('public_key').notNull(),
    secret: sealed('secret').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('token_keys_purpose').on(table.purpose, table.createdAt)],
);
