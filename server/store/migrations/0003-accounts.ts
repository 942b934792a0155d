import type { Migration } from './migration.ts';

/** The last active administrator of a clinic stays, whoever asks at the same moment: two that disable each other, too. */
const keepOneAdmin = `CREATE TRIGGER users_keep_one_admin BEFORE UPDATE OF role, status ON users
  WHEN OLD.role = 'admin' AND OLD.status = 'active' AND NOT (NEW.role = 'admin' AND NEW.status = 'active')
    AND NOT EXISTS (
      SELECT 1 FROM users WHERE clinic = OLD.clinic AND role = 'admin' AND status = 'active' AND id <> OLD.id
    )
  BEGIN SELECT RAISE(ABORT, 'last-admin'); END`;

export const accounts: Migration = {
  id: 3,
  name: 'accounts',
  statements: [
    `CREATE TABLE clinics (
      id text PRIMARY KEY NOT NULL,
      name text NOT NULL,
      created_at integer NOT NULL
    ) STRICT`,
    `CREATE TABLE setup (
      id integer PRIMARY KEY NOT NULL CHECK (id = 1),
      done_at integer NOT NULL
    ) STRICT`,
    `CREATE TABLE users (
      id text PRIMARY KEY NOT NULL,
      clinic text NOT NULL REFERENCES clinics (id),
      email_index text NOT NULL,
      email blob NOT NULL,
      role text NOT NULL CHECK (role IN ('user', 'doctor', 'admin')),
      status text NOT NULL CHECK (status IN ('waiting', 'active', 'disabled')),
      password_hash text NOT NULL,
      created_at integer NOT NULL
    ) STRICT`,
    `CREATE UNIQUE INDEX users_email_index_unique ON users (email_index)`,
    `CREATE INDEX users_clinic ON users (clinic, created_at, id)`,
    keepOneAdmin,
    `CREATE TABLE enrolments (
      device text PRIMARY KEY NOT NULL,
      clinic text NOT NULL REFERENCES clinics (id),
      user text NOT NULL REFERENCES users (id),
      name blob NOT NULL,
      enrolled_at integer NOT NULL,
      revoked_at integer
    ) STRICT`,
    `CREATE INDEX enrolments_clinic ON enrolments (clinic, enrolled_at, device)`,
    `CREATE TABLE sessions (
      id text PRIMARY KEY NOT NULL,
      user text NOT NULL REFERENCES users (id),
      client text NOT NULL CHECK (client IN ('page', 'program')),
      device text REFERENCES enrolments (device),
      generation integer NOT NULL,
      token_hash text NOT NULL,
      rotated_at integer NOT NULL,
      started_at integer NOT NULL,
      expires_at integer NOT NULL,
      ended_at integer,
      ended_why text CHECK ((ended_why IS NULL) = (ended_at IS NULL))
    ) STRICT`,
    `CREATE INDEX sessions_user ON sessions (user)`,
    `CREATE INDEX sessions_device ON sessions (device)`,
    `CREATE TABLE token_keys (
      kid text PRIMARY KEY NOT NULL,
      purpose text NOT NULL,
      public_key text NOT NULL,
      secret blob NOT NULL,
      created_at integer NOT NULL
    ) STRICT`,
    `CREATE INDEX token_keys_purpose ON token_keys (purpose, created_at)`,
  ],
};
