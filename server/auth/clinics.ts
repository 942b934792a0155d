import { AppError } from '../../shared/kernel/errors.ts';
import type { Database } from '../store/database.ts';
import type { Clinics } from './accounts-api.ts';
import { type AuthDeps, statement } from './auth-deps.ts';
import { constraintOf } from './constraint-of.ts';
import type { Passwords } from './passwords.ts';
import { insertUser, shownUser, type UserRecord } from './user-rows.ts';
import { assertStrongPassword } from './weak-password.ts';

/** Undefined where there is none, or where it is not clear which. */
export async function soleClinic(database: Database): Promise<string | undefined> {
  const rows = await database.read(statement('SELECT id FROM clinics LIMIT 2'));
  return rows.length === 1 ? String(rows[0]!['id']) : undefined;
}

export function createClinics(deps: AuthDeps, passwords: Passwords): Clinics {
  const { database, hubLog, sealer, now, newId } = deps;
  return {
    async list() {
      const rows = await database.read(statement('SELECT id, name FROM clinics ORDER BY created_at, id'));
      return rows.map(({ id, name }) => ({ id: String(id), name: String(name) }));
    },

    async found(name, { email, password, role }) {
      assertStrongPassword(password, email);
      const [clinic, id, at] = [newId(), newId(), now()];
      const hash = await passwords.hash(password);
      const user: UserRecord = {
        id,
        clinic,
        email,
        role,
        status: 'active',
        password_hash: hash,
        created_at: at,
      };
      const fact = { kind: 'user.approved', entity: id, actor: 'hub', body: { role } };
      const founding = statement(
        'INSERT INTO clinics (id, name, created_at) VALUES (?, ?, ?)',
        clinic,
        name,
        at,
      );
      try {
        await hubLog.append(clinic, [fact], [founding, insertUser(user, sealer)]);
      } catch (cause) {
        if (constraintOf(cause) !== 'email') throw cause;
        throw new AppError('account.exists', 'the address is taken', { cause });
      }
      return shownUser(user);
    },
  };
}
