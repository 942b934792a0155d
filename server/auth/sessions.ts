import type { Session } from '../../shared/api/auth.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Fact } from '../store/hub-log-api.ts';
import type { Authenticated, Sessions, SignIn } from './accounts-api.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import { type AuthDeps, readOne } from './auth-deps.ts';
import { soleClinic } from './clinics.ts';
import { constraintOf } from './constraint-of.ts';
import type { Denials } from './denials.ts';
import type { Passwords } from './passwords.ts';
import {
  descendantOf,
  firstRefreshToken,
  parseRefreshToken,
  type RefreshToken,
  refreshTokenHash,
  successorOf,
  writeRefreshToken,
} from './refresh-token.ts';
import {
  endSession,
  insertSession,
  isInForce,
  readOpenSessions,
  readSession,
  removeSessionsOver,
  type SessionRow,
} from './session-rows.ts';
import { accessTokenS, type SignedTokens } from './signed-tokens.ts';
import { rotateSession } from './rotate-session.ts';
import type { TokenKeys } from './token-keys.ts';
import { emailIndex, findByEmail, findUser, setPasswordHash, type UserRecord } from './user-rows.ts';

export interface SessionParts {
  readonly passwords: Passwords;
  readonly limits: AttemptLimits;
  readonly tokens: SignedTokens;
  readonly keys: TokenKeys;
  readonly denials: Denials;
}

const dayMs = 24 * 3600 * 1000;
/** A session that is not used for a month is over, and in any case after three. */
const idleMs = 30 * dayMs;
const longestMs = 90 * dayMs;

/** How long the token before the newest is still answered, with the same newest: its answer may have been lost. */
const graceMs = 30_000;

/**
 * An older token is refused without being looked at, and does not end the session: to follow the chain from there would hold
 * everybody else up. A page that is open all the time needs a month for so many.
 */
const mostSteps = 5000;

const isoTime = (ms: number): string => new Date(ms).toISOString();

export function createSessions(deps: AuthDeps, parts: SessionParts): Sessions {
  const { database, hubLog, sealer, now, random, newId } = deps;
  const { passwords, limits, tokens, keys, denials } = parts;

  /** An access token for a session as it stands. */
  async function signIn(session: SessionRow, token: RefreshToken): Promise<SignIn> {
    const user = await findUser(database, sealer, session.clinic, session.user);
    const clinic = await readOne(database, 'SELECT name FROM clinics WHERE id = ?', session.clinic);
    const device = session.device === null ? {} : { device: session.device };
    const claims = {
      sub: session.user,
      clinic: session.clinic,
      role: session.role,
      sid: session.id,
      ...(session.device !== null && { dev: session.device }),
    };
    return {
      account: {
        id: session.user,
        email: user!.email,
        role: session.role,
        clinic: { id: session.clinic, name: String(clinic!['name']) },
      },
      accessToken: await tokens.sign('access', claims, accessTokenS),
      expiresInS: accessTokenS,
      refreshToken: writeRefreshToken(token),
      client: session.client,
      ...device,
    };
  }

  /** The user of these credentials, or the reason why there is none; as costly either way. */
  async function identified(
    { email, password }: { readonly email: string; readonly password: string },
    from: string | undefined,
  ): Promise<{ readonly user: UserRecord; readonly rehash: boolean }> {
    const account = emailIndex(sealer, email);
    const counted = await limits.spend(account, from);
    const user = await findByEmail(database, sealer, email);
    const verdict = await passwords.verify(password, user?.password_hash);
    const who = from === undefined ? 'address-unknown' : sealer.blindIndex(from, 'audit-address');
    // Of an address that nobody has, it is known whose log it concerns only where there is one clinic.
    const onlyClinic = await soleClinic(database);
    const refuse = (
      code: 'account.wrong-credentials' | 'account.not-approved' | 'account.disabled',
    ): never => {
      const clinic = user?.clinic ?? onlyClinic;
      if (clinic !== undefined) denials.note({ clinic, actor: 'hub', who, why: code });
      throw new AppError(code, 'signing in failed');
    };
    if (user === undefined || verdict === 'wrong') {
      if (user !== undefined && counted === 'locked') {
        const body = { at: now(), detail: 'too many wrong passwords' };
        await hubLog.append(user.clinic, [{ kind: 'audit.locked', entity: user.id, actor: 'hub', body }]);
      }
      return refuse('account.wrong-credentials');
    }
    await limits.forgive(account, from);
    if (user.status === 'waiting') return refuse('account.not-approved');
    if (user.status === 'disabled') return refuse('account.disabled');
    return { user, rehash: verdict === 'rehash' };
  }

  /** A token that was used long ago was copied by somebody: nobody can tell by whom, so that both have to sign in again. */
  async function endReused(session: SessionRow): Promise<never> {
    const fact: Fact = {
      kind: 'audit.session-reused',
      entity: session.user,
      actor: 'hub',
      body: { at: now() },
    };
    await hubLog.append(session.clinic, [fact], [endSession(session.id, 'reused', now())]);
    throw new AppError('account.session-reused', 'a refresh token was used a second time');
  }

  /**
   * The token that the session stands at, if the given one leads to it. Somebody who knows the session's name and made a token
   * up must not be able to end it.
   */
  async function newestOf(
    token: RefreshToken,
    { generation, token_hash: hash }: SessionRow,
    from: string | undefined,
  ): Promise<RefreshToken | undefined> {
    const steps = generation - token.generation;
    if (steps < 0 || steps > mostSteps) return undefined;
    // Nobody has cause to show an old one again and again, and each step costs.
    if (steps > 1) await limits.spend(undefined, from);
    const newest = descendantOf(token, generation, await keys.refreshSecret());
    return refreshTokenHash(newest) === hash ? newest : undefined;
  }

  async function refreshed(token: RefreshToken, from: string | undefined): Promise<SignIn> {
    const session = await readSession(database, token.session);
    if (session?.ended_why === 'reused') {
      throw new AppError('account.session-reused', 'the session was ended because a token was used twice');
    }
    const newest = session && isInForce(session, now()) ? await newestOf(token, session, from) : undefined;
    if (session === undefined || newest === undefined) {
      throw new AppError('account.signed-out', 'the session is over, or this is no refresh token');
    }
    const steps = session.generation - token.generation;
    if (steps === 1 && now() - session.rotated_at <= graceMs) return signIn(session, newest);
    if (steps > 0) return endReused(session);
    const expiresAt = Math.min(now() + idleMs, session.started_at + longestMs);
    const next = successorOf(token, await keys.refreshSecret());
    await database.write([rotateSession(session, refreshTokenHash(next), now(), expiresAt)]);
    const rotated = await readSession(database, token.session);
    // Another request with the same token was first, which makes this one a repetition: it gets the same successor.
    if (rotated?.token_hash !== refreshTokenHash(next) || rotated.ended_why !== null) {
      return refreshed(token, from);
    }
    return signIn(rotated, next);
  }

  async function authenticate(accessToken: string): Promise<Authenticated | undefined> {
    const claims = await tokens.verify('access', accessToken);
    if (claims?.sid === undefined) return undefined;
    const session = await readSession(database, claims.sid);
    if (session === undefined || !isInForce(session, now())) return undefined;
    if (session.user !== claims.sub || session.clinic !== claims.clinic) return undefined;
    // A token from before the session was bound has no device, and no right to push.
    if (claims.dev !== undefined && claims.dev !== session.device) return undefined;
    const { clinic, user: userId, role, id: sessionId } = session;
    const device = claims.dev === undefined ? {} : { device: claims.dev };
    return { clinic, userId, role, sessionId, ...device };
  }

  return {
    authenticate,

    async login({ email, password, client }, from) {
      const { user, rehash } = await identified({ email, password }, from);
      const id = newId();
      const token = firstRefreshToken(id, random(32));
      const [at, hash] = [now(), refreshTokenHash(token)];
      const row = { id, user: user.id, client, token_hash: hash, started_at: at, expires_at: at + idleMs };
      const fact = { kind: 'audit.signed-in', entity: user.id, actor: user.id, body: { at } };
      const { password_hash: proven } = user;
      const better = rehash ? [setPasswordHash(user.id, proven, await passwords.hash(password))] : [];
      try {
        await hubLog.append(user.clinic, [fact], [insertSession(row, proven), ...better]);
      } catch (cause) {
        if (constraintOf(cause) !== 'password') throw cause;
        throw new AppError('account.wrong-credentials', 'signing in failed', { cause });
      }
      const session = await readSession(database, id);
      return signIn(session!, token);
    },

    async refresh(refreshToken, from) {
      const token = parseRefreshToken(refreshToken);
      if (token === undefined) {
        await limits.spend(undefined, from);
        throw new AppError('account.signed-out', 'this is no refresh token');
      }
      return refreshed(token, from);
    },

    async logout({ access, refresh }, from) {
      const member = access === undefined ? undefined : await authenticate(access);
      const token = refresh === undefined ? undefined : parseRefreshToken(refresh);
      const session = await readSession(database, member?.sessionId ?? token?.session ?? '');
      if (session === undefined || !isInForce(session, now())) return;
      const isOwn = member !== undefined || (token && (await newestOf(token, session, from))) !== undefined;
      if (!isOwn) return;
      const fact = {
        kind: 'audit.signed-out',
        entity: session.user,
        actor: session.user,
        body: { at: now() },
      };
      await hubLog.append(session.clinic, [fact], [endSession(session.id, 'signed-out', now())]);
    },

    async list(userId, current) {
      const rows = await readOpenSessions(database, userId, now());
      return rows.map(
        ({ id, client, started_at: started, rotated_at: used, expires_at: expires, device }): Session => ({
          id,
          client,
          startedAt: isoTime(started),
          lastUsedAt: isoTime(used),
          expiresAt: isoTime(expires),
          ...(device !== null && { device }),
          current: id === current,
        }),
      );
    },

    forgetOld: () => database.write([removeSessionsOver(now() - idleMs)]),

    async end({ clinic, userId }, sessionId) {
      const session = await readSession(database, sessionId);
      if (session?.user !== userId || !isInForce(session, now())) return;
      const fact = { kind: 'audit.signed-out', entity: userId, actor: userId, body: { at: now() } };
      await hubLog.append(clinic, [fact], [endSession(sessionId, 'signed-out', now())]);
    },
  };
}
