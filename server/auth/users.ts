import { timingSafeEqual } from 'node:crypto';
import type { Role } from '../../shared/api/endpoint.ts';
import { utf8, toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { Fact } from '../store/hub-log-api.ts';
import type { Statement } from '../store/database.ts';
import type { Actor, Credentials, Users } from './accounts-api.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import { type AuthDeps, readOne, statement } from './auth-deps.ts';
import { soleClinic } from './clinics.ts';
import { constraintOf } from './constraint-of.ts';
import type { Passwords } from './passwords.ts';
import { endSessionsOfUser } from './session-rows.ts';
import {
  countWaiting,
  findByEmail,
  findUser,
  insertUser,
  readUsers,
  setPasswordHash,
  setUserRights,
  shownUser,
  type UserRecord,
} from './user-rows.ts';
import { assertStrongPassword } from './weak-password.ts';

/** More than anybody would look through; the log is written for each, and never forgets one. */
const mostWaiting = 200;

export interface UserParts {
  readonly passwords: Passwords;
  readonly limits: AttemptLimits;
  readonly registration: 'approval' | 'open' | 'closed';
  readonly setupToken?: string;
}

export function createUsers(deps: AuthDeps, parts: UserParts): Users {
  const { passwords, limits, registration } = parts;
  const { database, hubLog, sealer, now, random, newId } = deps;
  let { setupToken } = parts;
  // Rights are read, judged and written; another change must not come in between.
  const changes = createSerialQueue();

  const isEmpty = async (): Promise<boolean> =>
    (await readOne(database, 'SELECT 1 AS found FROM clinics LIMIT 1')) === undefined;

  async function newUser(
    clinic: string,
    { email, password }: Credentials,
    rights: Pick<UserRecord, 'role' | 'status'>,
  ): Promise<UserRecord> {
    assertStrongPassword(password, email);
    const hash = await passwords.hash(password);
    return { id: newId(), clinic, email, password_hash: hash, created_at: now(), ...rights };
  }

  /** @throws AppError `account.exists`, `account.last-admin`, `account.wrong-credentials`, `account.setup-done` */
  async function commit(clinic: string, facts: readonly Fact[], also: readonly Statement[]): Promise<void> {
    try {
      await hubLog.append(clinic, facts, also);
    } catch (cause) {
      const constraint = constraintOf(cause);
      if (constraint === 'email') throw new AppError('account.exists', 'the address is taken', { cause });
      if (constraint === 'last-admin') {
        throw new AppError('account.last-admin', 'the clinic would have no administrator', { cause });
      }
      if (constraint === 'password')
        throw new AppError('account.wrong-credentials', 'it was changed', { cause });
      if (constraint === 'setup') throw new AppError('account.setup-done', 'set up already', { cause });
      throw cause;
    }
  }

  const approvedFact = (user: UserRecord, actor: string): Fact => ({
    kind: 'user.approved',
    entity: user.id,
    actor,
    body: { role: user.role },
  });

  async function ofClinic(clinic: string, userId: string): Promise<UserRecord> {
    const user = await findUser(database, sealer, clinic, userId);
    if (user === undefined) throw new AppError('account.unknown', 'no such account in this clinic');
    return user;
  }

  /** Where nothing changes, nothing is written. */
  function change(
    { clinic }: Actor,
    userId: string,
    decide: (
      user: UserRecord,
    ) => { readonly rights: Partial<Pick<UserRecord, 'role' | 'status'>>; readonly fact: Fact } | undefined,
  ): ReturnType<Users['enable']> {
    return changes.run(async () => {
      const user = await ofClinic(clinic, userId);
      const decision = decide(user);
      if (decision === undefined) return shownUser(user);
      const changed = { ...user, ...decision.rights };
      const ended = changed.status === 'active' ? [] : [endSessionsOfUser(userId, 'disabled', now())];
      await commit(clinic, [decision.fact], [setUserRights(userId, decision.rights), ...ended]);
      return shownUser(changed);
    });
  }

  return {
    async openSetup() {
      if (!(await isEmpty())) return undefined;
      setupToken ??= toBase64Url(random(32));
      return setupToken;
    },

    async setup({ token, clinic: name, ...credentials }) {
      const isRight = setupToken?.length === token.length && timingSafeEqual(utf8(setupToken), utf8(token));
      if (!isRight || !(await isEmpty())) throw new AppError('account.setup-done', 'the link does not count');
      const clinic = newId();
      const admin = await newUser(clinic, credentials, { role: 'admin', status: 'active' });
      await commit(
        clinic,
        [approvedFact(admin, 'hub')],
        [
          statement('INSERT INTO setup (id, done_at) VALUES (1, ?)', now()),
          statement('INSERT INTO clinics (id, name, created_at) VALUES (?, ?, ?)', clinic, name, now()),
          insertUser(admin, sealer),
        ],
      );
      setupToken = undefined;
      return { id: admin.id, email: admin.email, role: 'admin', clinic: { id: clinic, name } };
    },

    async register({ clinic: wanted, ...credentials }, from) {
      if (registration === 'closed') throw new AppError('account.registration-closed', 'REGISTRATION=closed');
      await limits.spend(undefined, from);
      const clinic = wanted ?? (await soleClinic(database));
      const found = await readOne(database, 'SELECT id FROM clinics WHERE id = ?', clinic ?? '');
      if (clinic === undefined || found === undefined) {
        throw new AppError('request.invalid', 'the body: clinic must name a clinic of this hub');
      }
      const status = registration === 'open' ? 'active' : 'waiting';
      if (status === 'waiting' && (await countWaiting(database, clinic)) >= mostWaiting) {
        throw new AppError(
          'account.too-many-attempts',
          `${mostWaiting} accounts wait to be approved already`,
        );
      }
      const user = await newUser(clinic, credentials, { role: 'user', status });
      const fact =
        status === 'active'
          ? approvedFact(user, 'hub')
          : { kind: 'audit.registered', entity: user.id, actor: 'hub', body: { at: now() } };
      try {
        await commit(clinic, [fact], [insertUser(user, sealer)]);
      } catch (thrown) {
        // Whoever asks must not learn who has an account here.
        if (!(thrown instanceof AppError && thrown.code === 'account.exists')) throw thrown;
      }
      return status;
    },

    async account(clinic, userId) {
      const { id, email, role } = await ofClinic(clinic, userId);
      const row = await readOne(database, 'SELECT name FROM clinics WHERE id = ?', clinic);
      return { id, email, role, clinic: { id: clinic, name: String(row!['name']) } };
    },

    async changePassword({ clinic, userId, sessionId }, { current, next }) {
      await limits.spend(userId, undefined);
      const user = await ofClinic(clinic, userId);
      if ((await passwords.verify(current, user.password_hash)) === 'wrong') {
        throw new AppError('account.wrong-credentials', 'the present password is another one');
      }
      await limits.forgive(userId, undefined);
      assertStrongPassword(next, user.email);
      const hash = await passwords.hash(next);
      const fact = { kind: 'audit.password-changed', entity: userId, actor: userId, body: { at: now() } };
      await commit(
        clinic,
        [fact],
        [
          setPasswordHash(userId, user.password_hash, hash),
          endSessionsOfUser(userId, 'password-changed', now(), sessionId),
        ],
      );
    },

    async resetPassword({ clinic, userId: actor }, userId, password) {
      const user = await ofClinic(clinic, userId);
      assertStrongPassword(password, user.email);
      const hash = await passwords.hash(password);
      const fact = { kind: 'audit.password-changed', entity: userId, actor, body: { at: now() } };
      const ended = endSessionsOfUser(userId, 'password-changed', now());
      await commit(clinic, [fact], [setPasswordHash(userId, user.password_hash, hash), ended]);
      return shownUser(user);
    },

    async list(clinic, { after, limit }) {
      const [, at = '0', id = ''] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(after ?? '') ?? [];
      const rows = await readUsers(database, sealer, clinic, { at: Number(at), id, limit: limit + 1 });
      const last = rows[limit - 1];
      const isMore = rows.length > limit && last !== undefined;
      return {
        items: rows.slice(0, limit).map(shownUser),
        ...(isMore && { next: `${last.created_at}.${last.id}` }),
      };
    },

    async find(email) {
      const user = await findByEmail(database, sealer, email);
      if (user === undefined) return undefined;
      const row = await readOne(database, 'SELECT name FROM clinics WHERE id = ?', user.clinic);
      return { user: shownUser(user), clinic: { id: user.clinic, name: String(row!['name']) } };
    },

    async add({ clinic, userId: actor }, { role, ...credentials }) {
      if ((await findByEmail(database, sealer, credentials.email)) !== undefined) {
        throw new AppError('account.exists', 'the address is taken');
      }
      const user = await newUser(clinic, credentials, { role, status: 'active' });
      await commit(clinic, [approvedFact(user, actor)], [insertUser(user, sealer)]);
      return shownUser(user);
    },

    approve: (actor, userId, role: Role) =>
      change(actor, userId, (user) => {
        if (user.status !== 'waiting') return undefined;
        return { rights: { role, status: 'active' }, fact: approvedFact({ ...user, role }, actor.userId) };
      }),

    setRole: (actor, userId, role) =>
      change(actor, userId, (user) => {
        if (user.role === role) return undefined;
        // A role in the log is a right; somebody who is not in has none.
        if (user.status === 'waiting') throw new AppError('account.not-approved', 'it is not approved yet');
        if (user.status === 'disabled') throw new AppError('account.disabled', 'it has to be opened first');
        const fact = { kind: 'user.role-set', entity: userId, actor: actor.userId, body: { role } };
        return { rights: { role }, fact };
      }),

    disable: (actor, userId, reason) =>
      change(actor, userId, (user) => {
        if (user.status === 'disabled') return undefined;
        const body = reason === undefined ? {} : { reason };
        const fact = { kind: 'user.disabled', entity: userId, actor: actor.userId, body };
        return { rights: { status: 'disabled' }, fact };
      }),

    enable: (actor, userId) =>
      change(actor, userId, (user) => {
        if (user.status !== 'disabled') return undefined;
        return { rights: { status: 'active' }, fact: approvedFact(user, actor.userId) };
      }),
  };
}
