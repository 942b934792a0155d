import { createHash, randomBytes } from 'node:crypto';
import type { AttemptLimits } from '../../server/auth/attempt-limits.ts';
import { type AccountSettings, createAccounts } from '../../server/auth/create-accounts.ts';
import type { Argon2id } from '../../server/auth/argon2-api.ts';
import { createKeyVault } from '../../server/keys/key-vault.ts';
import { masterKey } from '../../server/keys/master-key.ts';
import { accounts as accountTables } from '../../server/store/migrations/0003-accounts.ts';
import type { AppDeps } from '../../server/deps.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import { SignInAnswer } from '../../shared/api/auth.ts';
import { testCrypto } from './device-key.ts';
import { fakeHubLog } from './fake-hub-log.ts';
import { hubApp } from './hub-app.ts';
import { memoryDatabase } from './memory-database.ts';

/** As fast as a test needs it and as strong as a test needs it. */
export const quickArgon2id: Argon2id = async (password, salt, { memoryKib, passes, lanes }) =>
  createHash('sha256').update(`${memoryKib} ${passes} ${lanes}\n`).update(salt).update(password).digest();

export const noLimits: AttemptLimits = {
  spend: () => Promise.resolve('counted'),
  forgive: () => Promise.resolve(),
};

export const goodPassword = 'seven lungs under glass';

/** A clock that stands still until it is moved. */
export function standingClock(startMs = Date.UTC(2026, 10, 23)) {
  let ms = startMs;
  return { now: () => ms, pass: (moreMs: number) => void (ms += moreMs) };
}

/** Accounts on a database in memory, beside a log in memory, with the app in front of them. */
export function accountsHub(
  settings: Partial<AccountSettings> = {},
  changes: Partial<AppDeps> = {},
  random: (bytes: number) => Uint8Array = randomBytes,
) {
  const clock = standingClock();
  const database = memoryDatabase(accountTables.statements);
  const hubLog = fakeHubLog(database);
  const sealer = createKeyVault([masterKey(new Uint8Array(32).fill(1))], new Uint8Array(32).fill(2));
  const accounts = createAccounts(
    {
      database,
      hubLog,
      sealer,
      logCrypto: testCrypto,
      now: clock.now,
      random,
      newId: () => crypto.randomUUID(),
    },
    { registration: 'approval', argon2id: quickArgon2id, limits: noLimits, ...settings },
  );
  const { app, logged } = hubApp({
    accounts,
    hubLog,
    authenticate: accounts.sessions.authenticate,
    wallClock: () => new Date(clock.now()),
    ...changes,
  });

  /** JSON there and back. */
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await app.request(`http://127.0.0.1:8787/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>;
    return { status: answer.status, json, headers: answer.headers };
  }

  async function signIn(email: string, password = goodPassword): Promise<SignInAnswer> {
    const { json } = await ask('POST', '/auth/login', { email, password });
    return SignInAnswer.parse(json);
  }

  /** An account of that role in a clinic of that name, which is made with its first account. */
  async function member(
    role: Role,
    clinicName = 'First clinic',
    email = `${crypto.randomUUID()}@example.org`,
  ) {
    const clinic = (await accounts.clinics.list()).find(({ name }) => name === clinicName);
    const credentials = { email, password: goodPassword, role };
    const user =
      clinic === undefined
        ? await accounts.clinics.found(clinicName, credentials)
        : await accounts.users.add({ clinic: clinic.id, userId: 'hub' }, credentials);
    const session = await signIn(email);
    const bearer = { Authorization: `Bearer ${session.accessToken}` };
    return { ...user, session, bearer, clinic: session.account.clinic.id };
  }

  return { app, logged, clock, database, hubLog, sealer, accounts, ask, signIn, member };
}
