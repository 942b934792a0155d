import { z } from 'zod';
import { RoleName } from '../../shared/api/auth.ts';
import { UserStatus } from '../../shared/api/users.ts';
import type { Database, Statement } from '../store/database.ts';
import { statement } from './auth-deps.ts';

/** A session with the rights of its user at this moment. */
const SessionRow = z.object({
  id: z.string(),
  client: z.enum(['page', 'program']),
  device: z.string().nullable(),
  generation: z.number(),
  token_hash: z.string(),
  rotated_at: z.number(),
  started_at: z.number(),
  expires_at: z.number(),
  ended_why: z.string().nullable(),
  user: z.string(),
  clinic: z.string(),
  role: RoleName,
  status: UserStatus,
});
export type SessionRow = z.infer<typeof SessionRow>;

/** Why a session is no more. */
export type SessionEnd = 'signed-out' | 'reused' | 'password-changed' | 'disabled' | 'revoked';

const selected = `SELECT s.id, s.client, s.device, s.generation, s.token_hash, s.rotated_at, s.started_at, s.expires_at,
  s.ended_why, s.user, u.clinic, u.role, u.status FROM sessions s JOIN users u ON u.id = s.user`;

export async function readSession(database: Database, id: string): Promise<SessionRow | undefined> {
  const [row] = await database.read(statement(`${selected} WHERE s.id = ?`, id), ['sessions', 'users']);
  return row === undefined ? undefined : SessionRow.parse(row);
}

export async function readOpenSessions(
  database: Database,
  user: string,
  now: number,
): Promise<readonly SessionRow[]> {
  const open = 's.user = ? AND s.ended_at IS NULL AND s.expires_at > ?';
  const rows = await database.read(
    statement(`${selected} WHERE ${open} ORDER BY s.rotated_at DESC LIMIT 200`, user, now),
  );
  return rows.map((row) => SessionRow.parse(row));
}

export function isInForce({ ended_why, expires_at, status }: SessionRow, now: number): boolean {
  return ended_why === null && expires_at > now && status === 'active';
}

/**
 * For whoever has shown the password behind `passwordHash`. While it was checked, an account may have been closed or have got
 * another password, which ended the sessions that there were: then the owner is null and the schema refuses the row.
 */
export function insertSession(
  row: Pick<SessionRow, 'id' | 'user' | 'client' | 'token_hash' | 'started_at' | 'expires_at'>,
  passwordHash: string,
): Statement {
  const { id, user, client, token_hash: hash, started_at: at, expires_at: until } = row;
  return statement(
    `INSERT INTO sessions (id, user, client, generation, token_hash, rotated_at, started_at, expires_at)
     VALUES (?, (SELECT id FROM users WHERE id = ? AND status = 'active' AND password_hash = ?), ?, 0, ?, ?, ?, ?)`,
    id,
    user,
    passwordHash,
    client,
    hash,
    at,
    at,
    until,
  );
}

const end = 'UPDATE sessions SET ended_at = ?, ended_why = ? WHERE ended_at IS NULL AND';

export function endSession(id: string, why: SessionEnd, now: number): Statement {
  return statement(`${end} id = ?`, now, why, id);
}

export function endSessionsOfUser(user: string, why: SessionEnd, now: number, except = ''): Statement {
  return statement(`${end} user = ? AND id <> ?`, now, why, user, except);
}

/** Rows of sessions that are over are of no use to anybody after a while; the log keeps what happened. */
export function removeSessionsOver(before: number): Statement {
  return statement('DELETE FROM sessions WHERE ended_at < ? OR expires_at < ?', before, before);
}

export function endSessionsOfDevice(device: string, why: SessionEnd, now: number): Statement {
  return statement(`${end} device = ?`, now, why, device);
}
