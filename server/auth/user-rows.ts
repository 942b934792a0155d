import { z } from 'zod';
import { RoleName } from '../../shared/api/auth.ts';
import { type User, UserStatus } from '../../shared/api/users.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { SealedColumn, Sealer } from '../keys/sealer-api.ts';
import type { Database, Row, Statement } from '../store/database.ts';
import { readOne, statement } from './auth-deps.ts';

const UserRow = z.object({
  id: z.string(),
  clinic: z.string(),
  email: z.union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)]),
  role: RoleName,
  status: UserStatus,
  password_hash: z.string(),
  created_at: z.number(),
});

/** An account with its address opened. */
export interface UserRecord extends Omit<z.infer<typeof UserRow>, 'email'> {
  readonly email: string;
}

const aad = (id: string): string => `users\n${id}\n1`;

export const sealedAddresses: SealedColumn = {
  table: 'users',
  keys: ['id'],
  column: 'email',
  aad: ({ id }) => aad(String(id)),
};

/** One text for one mailbox; the schema of requests has lowered it already. */
export function emailIndex(sealer: Sealer, email: string): string {
  return sealer.blindIndex(email.trim().toLowerCase(), 'user-email');
}

function opened(row: Row, sealer: Sealer): UserRecord {
  const { email, ...rest } = UserRow.parse(row);
  const address = new TextDecoder().decode(sealer.open(new Uint8Array(email), aad(rest.id)));
  return { ...rest, email: address };
}

export async function findByEmail(
  database: Database,
  sealer: Sealer,
  email: string,
): Promise<UserRecord | undefined> {
  const row = await readOne(database, 'SELECT * FROM users WHERE email_index = ?', emailIndex(sealer, email));
  return row === undefined ? undefined : opened(row, sealer);
}

/** Only of this clinic: another's account is not there. */
export async function findUser(
  database: Database,
  sealer: Sealer,
  clinic: string,
  id: string,
): Promise<UserRecord | undefined> {
  const row = await readOne(database, 'SELECT * FROM users WHERE clinic = ? AND id = ?', clinic, id);
  return row === undefined ? undefined : opened(row, sealer);
}

/** Oldest first, behind that time and id. */
export async function readUsers(
  database: Database,
  sealer: Sealer,
  clinic: string,
  { at, id, limit }: { readonly at: number; readonly id: string; readonly limit: number },
): Promise<readonly UserRecord[]> {
  const rows = await database.read(
    statement(
      'SELECT * FROM users WHERE clinic = ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?',
      clinic,
      at,
      id,
      limit,
    ),
  );
  return rows.map((row) => opened(row, sealer));
}

export async function countWaiting(database: Database, clinic: string): Promise<number> {
  const sql = `SELECT count(*) AS count FROM users WHERE clinic = ? AND status = 'waiting'`;
  return Number((await readOne(database, sql, clinic))!['count']);
}

export function insertUser(user: UserRecord, sealer: Sealer): Statement {
  return statement(
    `INSERT INTO users (id, clinic, email_index, email, role, status, password_hash, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    user.id,
    user.clinic,
    emailIndex(sealer, user.email),
    sealer.seal(utf8(user.email), aad(user.id)),
    user.role,
    user.status,
    user.password_hash,
    user.created_at,
  );
}

/** What is not named stays as it is: another hub on the same records may have changed it since it was read. */
export function setUserRights(id: string, rights: Partial<Pick<UserRecord, 'role' | 'status'>>): Statement {
  return statement(
    'UPDATE users SET role = COALESCE(?, role), status = COALESCE(?, status) WHERE id = ?',
    rights.role ?? null,
    rights.status ?? null,
    id,
  );
}

/** In the place of `before`; the schema refuses it where there is another one by now. */
export function setPasswordHash(id: string, before: string, hash: string): Statement {
  return statement(
    'UPDATE users SET password_hash = CASE password_hash WHEN ? THEN ? END WHERE id = ?',
    before,
    hash,
    id,
  );
}

/** As others may see it. */
export function shownUser({ id, email, role, status, created_at: at }: UserRecord): User {
  return { id, email, role, status, createdAt: new Date(at).toISOString() };
}
