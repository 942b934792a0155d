import type { Statement } from '../store/database.ts';
import { statement } from './auth-deps.ts';
import type { SessionRow } from './session-rows.ts';

/** Changes nothing where another request was first, or where the session has ended meanwhile. */
export function rotateSession(
  { id, generation }: Pick<SessionRow, 'id' | 'generation'>,
  nextHash: string,
  now: number,
  expiresAt: number,
): Statement {
  return statement(
    `UPDATE sessions SET generation = generation + 1, token_hash = ?, rotated_at = ?, expires_at = ?
     WHERE id = ? AND generation = ? AND ended_at IS NULL`,
    nextHash,
    now,
    expiresAt,
    id,
    generation,
  );
}
