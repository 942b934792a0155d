import { describe, expect, it } from 'vitest';
import { accountsHub, goodPassword } from './accounts-hub.ts';

const newcomer = { email: 'new@example.org', password: goodPassword };

describe('the first administrator', () => {
  const request = (token: string | undefined, email = 'ada@example.org') => ({
    token,
    email,
    password: goodPassword,
    clinic: 'North clinic',
  });

  it('is made once, with the link, and stands in the log', async () => {
    const { accounts, ask, hubLog, signIn } = accountsHub();
    const token = await accounts.users.openSetup();
    const { status, json } = await ask('POST', '/auth/setup', request(token));
    expect(status).toBe(200);
    expect(json).toMatchObject({ email: 'ada@example.org', role: 'admin', clinic: { name: 'North clinic' } });
    expect(hubLog.facts).toMatchObject([
      { kind: 'user.approved', entity: json['id'], actor: 'hub', body: { role: 'admin' } },
    ]);
    expect((await signIn('ada@example.org')).account.role).toBe('admin');
    const again = await ask('POST', '/auth/setup', request(token, 'eve@example.org'));
    expect(again.json).toMatchObject({ status: 410, code: 'account.setup-done' });
    expect(await accounts.users.openSetup()).toBeUndefined();
  });

  it('is not made with another link, nor with none', async () => {
    const { accounts, ask } = accountsHub();
    const guess = 'A'.repeat(43);
    expect((await ask('POST', '/auth/setup', request(guess))).status).toBe(410);
    await accounts.users.openSetup();
    expect((await ask('POST', '/auth/setup', request(guess))).status).toBe(410);
    expect((await ask('POST', '/auth/setup', request(undefined))).status).toBe(400);
  });

  it('is one, also when two ask at the same moment', async () => {
    const { accounts, ask } = accountsHub();
    const token = await accounts.users.openSetup();
    const asked = ['ada@example.org', 'eve@example.org'].map((email) =>
      ask('POST', '/auth/setup', request(token, email)),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 410]);
    expect(await accounts.clinics.list()).toHaveLength(1);
  });

  it('keeps the link when the password is too weak', async () => {
    const { accounts, ask } = accountsHub();
    const token = await accounts.users.openSetup();
    const weak = await ask('POST', '/auth/setup', { ...request(token), password: 'password123' });
    expect(weak.json).toMatchObject({ status: 422, code: 'account.weak-password' });
    expect((await ask('POST', '/auth/setup', request(token))).status).toBe(200);
  });
});

describe('registering', () => {
  it('makes an account of the lowest role, which waits', async () => {
    const { ask, member, clock } = accountsHub();
    const admin = await member('admin');
    clock.pass(1);
    const { json } = await ask('POST', '/auth/register', newcomer);
    expect(json).toEqual({ status: 'waiting' });
    expect((await ask('POST', '/auth/login', newcomer)).json).toMatchObject({ code: 'account.not-approved' });
    const users = (await ask('GET', '/users', undefined, admin.bearer)).json['users'];
    expect(users).toMatchObject([{}, { email: newcomer.email, role: 'user', status: 'waiting' }]);
  });

  it.each(['admin', 'doctor'])('lets nobody choose to be %s', async (role) => {
    const { ask, member } = accountsHub({ registration: 'open' });
    await member('admin');
    expect((await ask('POST', '/auth/register', { ...newcomer, role })).status).toBe(400);
  });

  it('does not tell who has an account, and does not change it', async () => {
    const { ask, member, signIn } = accountsHub();
    const { email } = await member('admin');
    const other = 'a password of another';
    const taken = await ask('POST', '/auth/register', { email, password: other });
    const free = await ask('POST', '/auth/register', newcomer);
    expect(taken.json).toEqual(free.json);
    await signIn(email);
    expect((await ask('POST', '/auth/login', { email, password: other })).status).toBe(401);
  });

  it('stops while two hundred wait, and goes on when one of them was let in or closed', async () => {
    const { ask, member } = accountsHub();
    const admin = await member('admin');
    const register = (n: number) =>
      ask('POST', '/auth/register', { email: `${n}@example.org`, password: goodPassword });
    for (let n = 0; n < 200; n++) await register(n);
    expect((await register(200)).json).toMatchObject({ code: 'account.too-many-attempts' });
    const users = (await ask('GET', '/users', undefined, admin.bearer)).json['users'] as { id: string }[];
    await ask('POST', `/users/${users.at(-1)!.id}/disable`, {}, admin.bearer);
    expect((await register(201)).json).toEqual({ status: 'waiting' });
  });

  it('is open or closed where the hub says so', async () => {
    const open = accountsHub({ registration: 'open' });
    await open.member('admin');
    expect((await open.ask('POST', '/auth/register', newcomer)).json).toEqual({ status: 'active' });
    expect((await open.signIn(newcomer.email)).account.role).toBe('user');
    const closed = accountsHub({ registration: 'closed' });
    await closed.member('admin');
    expect((await closed.ask('POST', '/auth/register', newcomer)).json).toMatchObject({
      status: 403,
      code: 'account.registration-closed',
    });
  });

  it('asks for the clinic where there are several', async () => {
    const { ask, member } = accountsHub();
    const { clinic } = await member('admin', 'First clinic');
    await member('admin', 'Second clinic');
    expect((await ask('POST', '/auth/register', newcomer)).status).toBe(400);
    expect((await ask('POST', '/auth/register', { ...newcomer, clinic: crypto.randomUUID() })).status).toBe(
      400,
    );
    expect((await ask('POST', '/auth/register', { ...newcomer, clinic })).status).toBe(200);
  });
});

describe('an administrator', () => {
  it('approves, changes roles, closes and opens accounts, each as a fact of the log', async () => {
    const { ask, member, hubLog, accounts } = accountsHub();
    const admin = await member('admin');
    await ask('POST', '/auth/register', newcomer);
    const { user } = (await accounts.users.find(newcomer.email))!;
    const as = (verb: string, path: string, body?: object) =>
      ask(verb, `/users/${user.id}${path}`, body, admin.bearer);
    expect((await as('PUT', '/role', { role: 'doctor' })).json).toMatchObject({
      code: 'account.not-approved',
    });
    expect((await as('POST', '/approve', {})).json).toMatchObject({ status: 'active', role: 'user' });
    expect((await as('PUT', '/role', { role: 'doctor' })).json).toMatchObject({ role: 'doctor' });
    expect((await as('PUT', '/role', { role: 'doctor' })).status).toBe(200);
    expect((await as('POST', '/disable', { reason: 'has left' })).json).toMatchObject({ status: 'disabled' });
    expect((await as('POST', '/enable')).json).toMatchObject({ status: 'active', role: 'doctor' });
    const facts = hubLog.facts.filter(({ entity }) => entity === user.id);
    expect(facts.map(({ kind, actor, body }) => [kind, actor === admin.id ? 'admin' : actor, body])).toEqual([
      ['audit.registered', 'hub', { at: expect.any(Number) as number }],
      ['user.approved', 'admin', { role: 'user' }],
      ['user.role-set', 'admin', { role: 'doctor' }],
      ['user.disabled', 'admin', { reason: 'has left' }],
      ['user.approved', 'admin', { role: 'doctor' }],
    ]);
    expect(hubLog.rights(admin.clinic).get(user.id)).toBe('doctor');
  });

  it('closes an account at once: its access token no longer counts, nor its refresh token', async () => {
    const { ask, member } = accountsHub();
    const admin = await member('admin');
    const doctor = await member('doctor');
    expect((await ask('GET', '/auth/me', undefined, doctor.bearer)).status).toBe(200);
    await ask('POST', `/users/${doctor.id}/disable`, {}, admin.bearer);
    expect((await ask('GET', '/auth/me', undefined, doctor.bearer)).status).toBe(401);
    const { refreshToken } = doctor.session;
    expect((await ask('POST', '/auth/refresh', { refreshToken })).status).toBe(401);
    const login = await ask('POST', '/auth/login', { email: doctor.email, password: goodPassword });
    expect(login.json).toMatchObject({ code: 'account.disabled' });
    await ask('POST', `/users/${doctor.id}/enable`, undefined, admin.bearer);
    expect((await ask('GET', '/auth/me', undefined, doctor.bearer)).status).toBe(401);
  });

  it('takes a role away from the next request on, whatever the token says', async () => {
    const { ask, member } = accountsHub();
    const admin = await member('admin');
    const other = await member('admin');
    expect((await ask('GET', '/users', undefined, other.bearer)).status).toBe(200);
    await ask('PUT', `/users/${other.id}/role`, { role: 'user' }, admin.bearer);
    expect((await ask('GET', '/users', undefined, other.bearer)).json).toMatchObject({
      code: 'account.forbidden',
    });
  });

  it('who is the last one cannot be closed or given another role', async () => {
    const { ask, member } = accountsHub();
    const { id, bearer } = await member('admin');
    const refused = { status: 409, code: 'account.last-admin' };
    expect((await ask('POST', `/users/${id}/disable`, {}, bearer)).json).toMatchObject(refused);
    expect((await ask('PUT', `/users/${id}/role`, { role: 'doctor' }, bearer)).json).toMatchObject(refused);
    const other = await member('admin');
    expect((await ask('POST', `/users/${id}/disable`, {}, other.bearer)).status).toBe(200);
  });

  it('remains when two administrators close each other at the same moment', async () => {
    const { accounts, member, hubLog } = accountsHub();
    const [one, two] = [await member('admin'), await member('admin')];
    const { clinic } = one;
    const closed = await Promise.allSettled([
      accounts.users.disable({ clinic, userId: one.id }, two.id, undefined),
      accounts.users.disable({ clinic, userId: two.id }, one.id, undefined),
    ]);
    expect(closed).toMatchObject([
      { status: 'fulfilled', value: { status: 'disabled' } },
      { status: 'rejected', reason: { code: 'account.last-admin' } },
    ]);
    expect([...hubLog.rights(one.clinic).values()]).toEqual(['admin']);
  });

  it('does not open an account that another hub on the same records has just closed', async () => {
    const { accounts, database, hubLog, member } = accountsHub();
    const [admin, doctor] = [await member('admin'), await member('doctor')];
    const append = hubLog.append.bind(hubLog);
    hubLog.append = async (...given) => {
      const close = `UPDATE users SET status = 'disabled' WHERE id = ?`;
      await database.write([{ sql: close, args: [doctor.id] }]);
      return append(...given);
    };
    await accounts.users.setRole({ clinic: admin.clinic, userId: admin.id }, doctor.id, 'user');
    const rows = await database.read({ sql: 'SELECT status FROM users WHERE id = ?', args: [doctor.id] });
    expect(rows).toEqual([{ status: 'disabled' }]);
  });

  it('adds accounts that can be used at once, each address once in the whole hub', async () => {
    const { ask, member, signIn } = accountsHub();
    const admin = await member('admin');
    const other = await member('admin', 'Second clinic');
    const doctor = { ...newcomer, role: 'doctor' };
    expect((await ask('POST', '/users', doctor, admin.bearer)).json).toMatchObject({ status: 'active' });
    expect((await signIn(newcomer.email)).account.role).toBe('doctor');
    for (const { bearer } of [admin, other]) {
      expect((await ask('POST', '/users', doctor, bearer)).json).toMatchObject({ code: 'account.exists' });
    }
  });

  it('pages through the accounts, each once', async () => {
    const { ask, member, clock } = accountsHub();
    const admin = await member('admin');
    for (let count = 0; count < 6; count++) {
      if (count % 3 === 0) clock.pass(1000);
      await member('user');
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = `?limit=2${after === undefined ? '' : `&after=${after}`}`;
      const { json } = await ask('GET', `/users${query}`, undefined, admin.bearer);
      const users = json['users'] as { id: string }[];
      expect(users.length).toBeLessThanOrEqual(2);
      seen.push(...users.map(({ id }) => id));
      after = json['next'] as string | undefined;
    } while (after !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('who has forgotten the password gets another one at the terminal, and every session ends', async () => {
    const { accounts, ask, member, signIn, hubLog } = accountsHub();
    const admin = await member('admin');
    const next = 'eight lungs under glass';
    await accounts.users.resetPassword({ clinic: admin.clinic, userId: 'hub' }, admin.id, next);
    expect(hubLog.facts.at(-1)).toMatchObject({
      kind: 'audit.password-changed',
      entity: admin.id,
      actor: 'hub',
    });
    expect((await ask('GET', '/auth/me', undefined, admin.bearer)).status).toBe(401);
    const { email } = admin;
    expect((await ask('POST', '/auth/login', { email, password: goodPassword })).status).toBe(401);
    expect((await signIn(email, next)).account.id).toBe(admin.id);
  });

  it('leaves a trace of reading the list', async () => {
    const { ask, member, hubLog } = accountsHub();
    const admin = await member('admin');
    await ask('GET', '/users', undefined, admin.bearer);
    expect(hubLog.facts.at(-1)).toMatchObject({
      kind: 'audit.listed-users',
      actor: admin.id,
      entity: 'users',
    });
  });
});

it('refuses nothing half: when the log does not take a fact, the row does not change either', async () => {
  const { ask, member, hubLog, accounts } = accountsHub();
  const admin = await member('admin');
  const doctor = await member('doctor');
  const append = hubLog.append.bind(hubLog);
  hubLog.append = () => Promise.reject(new Error('the disk is full'));
  expect((await ask('POST', `/users/${doctor.id}/disable`, {}, admin.bearer)).status).toBe(500);
  hubLog.append = append;
  expect((await accounts.users.find(doctor.email))?.user.status).toBe('active');
  expect((await ask('GET', '/auth/me', undefined, doctor.bearer)).status).toBe(200);
});
