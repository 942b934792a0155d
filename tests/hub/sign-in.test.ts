import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAttemptLimits } from '../../server/auth/attempt-limits.ts';
import { createPasswords } from '../../server/auth/passwords.ts';
import { accountsHub, goodPassword, quickArgon2id } from './accounts-hub.ts';

const refreshPath = '/auth/refresh';

describe('signing in', () => {
  it('gives tokens that say who is signed in, and writes it into the log', async () => {
    const { ask, member, hubLog } = accountsHub();
    const { id, email, bearer, session, clinic } = await member('doctor');
    const { status, json } = await ask('GET', '/auth/me', undefined, bearer);
    expect(status).toBe(200);
    expect(json).toEqual({ id, email, role: 'doctor', clinic: { id: clinic, name: 'First clinic' } });
    expect(session.expiresInS).toBe(600);
    expect(hubLog.facts.at(-1)).toMatchObject({ kind: 'audit.signed-in', entity: id, actor: id, clinic });
  });

  it('does not tell an unknown address from a wrong password', async () => {
    const { ask, member } = accountsHub();
    const { email } = await member('doctor');
    const wrong = await ask('POST', '/auth/login', { email, password: 'another password' });
    const unknown = await ask('POST', '/auth/login', { email: 'no@example.org', password: goodPassword });
    expect(wrong.status).toBe(401);
    expect(wrong.json).toMatchObject({ code: 'account.wrong-credentials' });
    expect(unknown.json).toEqual(wrong.json);
  });

  it('costs as much for an unknown address as for a known one', async () => {
    let computed = 0;
    const { ask, member } = accountsHub({
      argon2id: async () => {
        computed += 1;
        return new Uint8Array(32);
      },
    });
    const { email } = await member('doctor');
    const costOf = async (address: string): Promise<number> => {
      const before = computed;
      await ask('POST', '/auth/login', { email: address, password: 'whatever it is' });
      return computed - before;
    };
    expect(await costOf(email)).toBe(1);
    expect(await costOf('nobody@example.org')).toBe(1);
  });

  it('takes an address in capitals for the same', async () => {
    const { member, signIn } = accountsHub();
    await member('doctor', 'First clinic', 'ada@example.org');
    expect((await signIn('ADA@Example.ORG')).account.email).toBe('ada@example.org');
  });

  it('hashes a password anew that was hashed with other parameters', async () => {
    const { database, member, signIn } = accountsHub();
    const { email } = await member('doctor');
    const hashOf = async (): Promise<string> => {
      const [row] = await database.read({ sql: 'SELECT password_hash FROM users', args: [] });
      return String(row!['password_hash']);
    };
    const weaker = { memoryKib: 1024, passes: 1, lanes: 1 };
    const old = await createPasswords(quickArgon2id, (bytes) => randomBytes(bytes), weaker).hash(
      goodPassword,
    );
    await database.write([{ sql: 'UPDATE users SET password_hash = ?', args: [old] }]);
    await signIn(email);
    const better = await hashOf();
    expect(better).toContain('m=19456,t=2');
    await signIn(email);
    expect(await hashOf()).toBe(better);
  });

  it('gives the page its refresh token in a cookie and nowhere else', async () => {
    const { ask, member } = accountsHub({}, { overTls: true });
    const { email } = await member('doctor');
    const { json, headers } = await ask('POST', '/auth/login', {
      email,
      password: goodPassword,
      client: 'page',
    });
    expect(json).not.toHaveProperty('refreshToken');
    const cookie = headers.get('Set-Cookie')!;
    expect(cookie).toMatch(
      /^__Host-fieldray=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const sent = { Cookie: cookie.split(';')[0]! };
    const next = await ask('POST', refreshPath, {}, sent);
    expect(next.status).toBe(200);
    expect(next.json).not.toHaveProperty('refreshToken');
    expect(next.headers.get('Set-Cookie')).toMatch(/^__Host-fieldray=/);
    expect(next.headers.get('Set-Cookie')).not.toContain(sent.Cookie);
    const gone = await ask(
      'POST',
      '/auth/logout',
      {},
      { Cookie: next.headers.get('Set-Cookie')!.split(';')[0]! },
    );
    expect(gone.status).toBe(204);
    expect(gone.headers.get('Set-Cookie')).toMatch(/^__Host-fieldray=; Max-Age=0/);
  });

  it('promises no TLS in the name of a cookie over plain HTTP', async () => {
    const { ask, member } = accountsHub();
    const { email } = await member('doctor');
    const { headers } = await ask('POST', '/auth/login', { email, password: goodPassword, client: 'page' });
    expect(headers.get('Set-Cookie')).toMatch(/^fieldray-local=/);
    expect(headers.get('Set-Cookie')).not.toContain('Secure');
  });

  it('takes a cookie only for refreshing, so that no other site can do anything with it', async () => {
    const { ask, member } = accountsHub();
    const { session } = await member('admin');
    const cookie = { Cookie: `fieldray-local=${session.refreshToken}` };
    expect((await ask('GET', '/auth/me', undefined, cookie)).status).toBe(401);
    expect((await ask('GET', '/users', undefined, cookie)).status).toBe(401);
    const foreign = { ...cookie, 'Sec-Fetch-Site': 'cross-site' };
    expect((await ask('POST', refreshPath, {}, foreign)).status).toBe(403);
  });
});

describe('a session', () => {
  it('goes on with the next refresh token, and ends when an old one comes back', async () => {
    const { ask, member, clock, hubLog } = accountsHub();
    const { session, bearer, id } = await member('doctor');
    const first = session.refreshToken;
    const { json } = await ask('POST', refreshPath, { refreshToken: first });
    expect(json['refreshToken']).not.toBe(first);
    clock.pass(31_000);
    const stolen = await ask('POST', refreshPath, { refreshToken: first });
    expect(stolen.json).toMatchObject({ status: 401, code: 'account.session-reused' });
    const honest = await ask('POST', refreshPath, { refreshToken: json['refreshToken'] });
    expect(honest.json).toMatchObject({ status: 401, code: 'account.session-reused' });
    expect((await ask('GET', '/auth/me', undefined, bearer)).status).toBe(401);
    expect(hubLog.facts.at(-1)).toMatchObject({ kind: 'audit.session-reused', entity: id, actor: 'hub' });
  });

  it('gives the same successor again within 30 seconds, for the answer may have been lost', async () => {
    const { ask, member, clock } = accountsHub();
    const { session } = await member('doctor');
    const first = { refreshToken: session.refreshToken };
    const { json: lost } = await ask('POST', refreshPath, first);
    clock.pass(29_000);
    const { json: found } = await ask('POST', refreshPath, first);
    expect(found['refreshToken']).toBe(lost['refreshToken']);
  });

  it('gives five tabs that ask at once the same successor', async () => {
    const { ask, member } = accountsHub();
    const { session } = await member('doctor');
    const asked = Array.from({ length: 5 }, () =>
      ask('POST', refreshPath, { refreshToken: session.refreshToken }),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json['refreshToken'])).size).toBe(1);
  });

  it('cannot be ended by somebody who knows its name and makes a token up', async () => {
    const { ask, member, clock } = accountsHub();
    const { session } = await member('doctor');
    const { json } = await ask('POST', refreshPath, { refreshToken: session.refreshToken });
    clock.pass(60_000);
    const [id] = session.refreshToken!.split('.');
    const secret = 'A'.repeat(43);
    for (const made of [
      `${id}.0.${secret}`,
      `${id}.1.${secret}`,
      `${id}.2.${secret}`,
      `${id}.999999.${secret}`,
    ]) {
      expect((await ask('POST', refreshPath, { refreshToken: made })).json).toMatchObject({
        code: 'account.signed-out',
      });
      expect((await ask('POST', '/auth/logout', { refreshToken: made })).status).toBe(204);
    }
    expect((await ask('POST', refreshPath, { refreshToken: json['refreshToken'] })).status).toBe(200);
  });

  it('does not make the hub follow a long chain, nor a short one again and again', async () => {
    const limits = createAttemptLimits();
    const { ask, member, database } = accountsHub({ limits }, { clientAddress: () => '192.0.2.1' });
    const { session } = await member('doctor');
    const setGeneration = (generation: number) =>
      database.write([{ sql: 'UPDATE sessions SET generation = ?', args: [generation] }]);
    const { refreshToken } = session;
    await setGeneration(900_000);
    const long = await ask('POST', refreshPath, { refreshToken });
    expect(long.json).toMatchObject({ code: 'account.signed-out' });
    expect((await ask('POST', '/auth/logout', { refreshToken })).status).toBe(204);
    await setGeneration(100);
    for (let time = 0; time < 30; time++) await ask('POST', refreshPath, { refreshToken });
    const short = await ask('POST', refreshPath, { refreshToken });
    expect(short.json).toMatchObject({ code: 'account.too-many-attempts' });
    expect((await ask('POST', '/auth/logout', { refreshToken })).status).toBe(429);
  });

  it('is over after a month without use, and after three with it', async () => {
    const day = 24 * 3600 * 1000;
    const { ask, member, clock, signIn } = accountsHub();
    const { session, email } = await member('doctor');
    clock.pass(30 * day);
    expect((await ask('POST', refreshPath, { refreshToken: session.refreshToken })).status).toBe(401);
    let { refreshToken } = await signIn(email);
    for (let month = 0; month < 3; month++) {
      clock.pass(29 * day);
      const { json } = await ask('POST', refreshPath, { refreshToken });
      refreshToken = json['refreshToken'] as string;
    }
    clock.pass(4 * day);
    expect((await ask('POST', refreshPath, { refreshToken })).status).toBe(401);
  });

  it('ends with its access token or its refresh token, whichever is left', async () => {
    const { ask, member, signIn } = accountsHub();
    const { session, bearer, email } = await member('doctor');
    expect((await ask('POST', '/auth/logout', {}, bearer)).status).toBe(204);
    expect((await ask('GET', '/auth/me', undefined, bearer)).status).toBe(401);
    expect((await ask('POST', refreshPath, { refreshToken: session.refreshToken })).status).toBe(401);
    const { refreshToken } = await signIn(email);
    expect((await ask('POST', '/auth/logout', { refreshToken })).status).toBe(204);
    expect((await ask('POST', refreshPath, { refreshToken })).status).toBe(401);
  });

  it('is listed to its owner, who can end it; another’s is left alone', async () => {
    const { ask, member, signIn } = accountsHub();
    const owner = await member('doctor');
    const other = await member('admin');
    const second = await signIn(owner.email);
    const list = async () => {
      const { json } = await ask('GET', '/auth/sessions', undefined, owner.bearer);
      return json['sessions'] as { id: string; current: boolean }[];
    };
    expect((await list()).filter(({ current }) => current)).toHaveLength(1);
    const { id } = (await list()).find(({ current }) => !current)!;
    expect((await ask('DELETE', `/auth/sessions/${id}`, undefined, other.bearer)).status).toBe(204);
    expect(await list()).toHaveLength(2);
    expect((await ask('DELETE', `/auth/sessions/${id}`, undefined, owner.bearer)).status).toBe(204);
    expect((await list()).map(({ current }) => current)).toEqual([true]);
    expect((await ask('POST', refreshPath, { refreshToken: second.refreshToken })).status).toBe(401);
  });

  it('is the only one left after the password was changed in it', async () => {
    const { ask, member, signIn } = accountsHub();
    const { bearer, email } = await member('doctor');
    const other = await signIn(email);
    const change = { current: goodPassword, next: 'nine ribs under glass' };
    const wrong = await ask('POST', '/auth/password', { ...change, current: 'not this one' }, bearer);
    expect(wrong.json).toMatchObject({ code: 'account.wrong-credentials' });
    const weak = await ask('POST', '/auth/password', { ...change, next: 'password123' }, bearer);
    expect(weak.json).toMatchObject({ status: 422, code: 'account.weak-password' });
    expect((await ask('POST', '/auth/password', change, bearer)).status).toBe(204);
    expect((await ask('GET', '/auth/me', undefined, bearer)).status).toBe(200);
    expect((await ask('POST', refreshPath, { refreshToken: other.refreshToken })).status).toBe(401);
    expect((await ask('POST', '/auth/login', { email, password: goodPassword })).status).toBe(401);
    await signIn(email, change.next);
  });
});

describe('refusals', () => {
  it('are counted for the log by address, also for accounts that there are not, and no address is written', async () => {
    const hub = accountsHub();
    const { email, clinic } = await hub.member('doctor');
    for (const address of [email, 'nobody@example.org', 'nobody@example.org']) {
      await hub.ask('POST', '/auth/login', { email: address, password: 'not this one' });
    }
    await hub.accounts.denials.flush();
    const denied = hub.hubLog.facts.filter(({ kind }) => kind === 'audit.denied');
    expect(denied).toMatchObject([
      { clinic, actor: 'hub', body: { counts: { 'account.wrong-credentials': 3 } } },
    ]);
    expect(JSON.stringify(denied)).not.toMatch(/192\.0\.2\.1|nobody/);
  });

  it('that lock an account for a while are written at once, and say when to come again', async () => {
    const hub = accountsHub({ limits: createAttemptLimits() });
    const { email, id } = await hub.member('doctor');
    const guess = () => hub.ask('POST', '/auth/login', { email, password: 'not this one' });
    for (let count = 0; count < 10; count++) expect((await guess()).status).toBe(401);
    expect(hub.hubLog.facts.at(-1)).toMatchObject({ kind: 'audit.locked', entity: id });
    const locked = await guess();
    expect(locked.json).toMatchObject({ status: 429, code: 'account.too-many-attempts', retry: true });
    expect(Number(locked.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await hub.ask('POST', '/auth/login', { email, password: goodPassword })).status).toBe(429);
  });
});

describe('what is kept', () => {
  it('forgets sessions a month after they were over', async () => {
    const day = 24 * 3600 * 1000;
    const hub = accountsHub();
    const { bearer, email } = await hub.member('doctor');
    await hub.signIn(email);
    await hub.ask('POST', '/auth/logout', {}, bearer);
    const rows = async (): Promise<number> =>
      (await hub.database.read({ sql: 'SELECT id FROM sessions', args: [] })).length;
    hub.clock.pass(29 * day);
    await hub.accounts.sessions.forgetOld();
    expect(await rows()).toBe(2);
    hub.clock.pass(2 * day);
    await hub.accounts.sessions.forgetOld();
    expect(await rows()).toBe(1);
  });

  it('holds neither tokens nor passwords nor addresses in clear', async () => {
    const hub = accountsHub();
    const { session, email } = await hub.member('doctor', 'First clinic', 'planted.person@example.org');
    const { json } = await hub.ask('POST', refreshPath, { refreshToken: session.refreshToken });
    const dump = hub.database.dump();
    expect(dump.length).toBeGreaterThan(500);
    const secrets = [session.refreshToken!, String(json['refreshToken'])].map(
      (token) => token.split('.')[2]!,
    );
    for (const planted of [...secrets, session.accessToken, goodPassword, email, 'planted.person']) {
      expect(dump).not.toContain(planted);
    }
    expect(hub.logged.join()).not.toContain('planted');
    expect(JSON.stringify(hub.hubLog.facts)).not.toContain('planted');
  });
});
