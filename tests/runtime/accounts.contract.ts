import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  changePasswordEndpoint,
  loginEndpoint,
  logoutEndpoint,
  meEndpoint,
  refreshEndpoint,
  registerEndpoint,
  sessionsEndpoint,
  setupEndpoint,
} from '../../shared/api/auth.ts';
import { devicesEndpoint, enrolEndpoint, revokeEndpoint } from '../../shared/api/devices.ts';
import { endpoints } from '../../shared/api/endpoints.ts';
import { pullEndpoint, pushEndpoint } from '../../shared/api/sync.ts';
import {
  approveUserEndpoint,
  disableUserEndpoint,
  setRoleEndpoint,
  usersEndpoint,
} from '../../shared/api/users.ts';
import { password, type Stage } from './stage.ts';
import { TestDevice } from './test-device.ts';

/** Accounts, sessions, devices and who may do what. */
export function accountsContract(stage: () => Stage): void {
  it('is set up once', async () => {
    const { client, hub } = stage();
    const request = { email: 'eve@example.org', password, clinic: 'Another' };
    for (const token of [hub.setupToken, randomBytes(32).toString('base64url')]) {
      expect(await client.refusal(setupEndpoint, { json: { ...request, token } })).toBe('account.setup-done');
    }
  });

  it('knows who is signed in', async () => {
    const { client, doctor } = stage();
    expect(await client.get(meEndpoint, { token: doctor.token })).toEqual(doctor.account);
    expect(await client.refusal(meEndpoint, { token: `${doctor.token.slice(0, -2)}xx` })).toBe(
      'account.signed-out',
    );
    const { sessions } = await client.get(sessionsEndpoint, { token: doctor.token });
    expect(sessions).toMatchObject([{ current: true, device: doctor.device.id }]);
  });

  it('says the same of a wrong password and of an address that nobody has', async () => {
    const { client, doctor } = stage();
    for (const email of [doctor.email, 'nobody@example.org']) {
      const json = { email, password: 'wrong wrong wrong', client: 'program' };
      expect(await client.refusal(loginEndpoint, { json })).toBe('account.wrong-credentials');
    }
  });

  it('lets in whom an administrator approves, and shuts out whom one disables, at once', async () => {
    const { client, admin } = stage();
    const email = 'new@example.org';
    expect(await client.get(registerEndpoint, { json: { email, password } })).toEqual({ status: 'waiting' });
    const login = { json: { email, password, client: 'program' } };
    expect(await client.refusal(loginEndpoint, login)).toBe('account.not-approved');
    const { users } = await client.get(usersEndpoint, { token: admin.token });
    const params = { id: users.find((user) => user.email === email)!.id };
    await client.get(approveUserEndpoint, { token: admin.token, params, json: { role: 'user' } });
    const { accessToken: token, refreshToken } = await client.get(loginEndpoint, login);
    await client.get(setRoleEndpoint, { token: admin.token, params, json: { role: 'doctor' } });
    expect((await client.get(meEndpoint, { token })).role).toBe('doctor');
    await client.get(disableUserEndpoint, { token: admin.token, params, json: {} });
    expect(await client.refusal(meEndpoint, { token })).toBe('account.signed-out');
    expect(await client.refusal(refreshEndpoint, { json: { refreshToken } })).toBe('account.signed-out');
  });

  it('rotates refresh tokens, forgives a lost reply and ends a session that is used in two places', async () => {
    const { client, user } = stage();
    const login = { email: user.email, password, client: 'program' };
    const { refreshToken: first } = await client.get(loginEndpoint, { json: login });
    const refresh = (refreshToken: string | undefined) => ({ json: { refreshToken } });
    const { refreshToken: second } = await client.get(refreshEndpoint, refresh(first));
    expect(second).not.toBe(first);
    expect((await client.get(refreshEndpoint, refresh(first))).refreshToken).toBe(second);
    const { refreshToken: third, accessToken: token } = await client.get(refreshEndpoint, refresh(second));
    expect(await client.refusal(refreshEndpoint, refresh(first))).toBe('account.session-reused');
    expect(await client.refusal(refreshEndpoint, refresh(third))).toMatch(
      /^account\.(signed-out|session-reused)$/,
    );
    expect(await client.refusal(meEndpoint, { token })).toBe('account.signed-out');
  });

  it('signs out, and out of everywhere else with a new password', async () => {
    const { client, newSeat } = stage();
    const seat = await newSeat('user');
    const login = { email: seat.email, password, client: 'program' };
    const { accessToken: token } = await client.get(loginEndpoint, { json: login });
    const change = { current: password, next: 'vierzehn trockene Eichen' };
    await client.get(changePasswordEndpoint, { token: seat.token, json: change });
    expect(await client.refusal(meEndpoint, { token })).toBe('account.signed-out');
    await client.get(logoutEndpoint, { token: seat.token, json: {} });
    expect(await client.refusal(meEndpoint, { token: seat.token })).toBe('account.signed-out');
  });

  it('keeps the token of a page in a cookie that scripts cannot read', async () => {
    const { client, user } = stage();
    const json = { email: user.email, password, client: 'page' };
    const answer = await client.ask(loginEndpoint, { json });
    expect(await answer.json()).not.toHaveProperty('refreshToken');
    const cookie = answer.headers.get('Set-Cookie')!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const next = await client.get(refreshEndpoint, { json: {}, headers: { Cookie: cookie.split(';')[0]! } });
    expect((await client.get(meEndpoint, { token: next.accessToken })).id).toBe(user.account.id);
  });

  it('enrols a device only with a proof of its key, and shows each person the own ones', async () => {
    const { client, admin, doctor, user, clinic } = stage();
    const device = new TestDevice(clinic, user.account.id);
    const json = { publicKey: device.key, name: 'a tablet', proof: device.sign('something else') };
    expect(await client.refusal(enrolEndpoint, { token: user.token, json })).toBe('device.bad-proof');
    const own = await client.get(devicesEndpoint, { token: doctor.token });
    expect(own.devices.map(({ id }) => id)).toEqual([doctor.device.id]);
    const all = await client.get(devicesEndpoint, { token: admin.token });
    expect(all.devices.map(({ id }) => id)).toEqual(
      expect.arrayContaining([admin.device.id, doctor.device.id, user.device.id]),
    );
  });

  it('shuts a device out: its session ends and others do not', async () => {
    const { client, newSeat, admin, doctor } = stage();
    const seat = await newSeat('doctor');
    const params = { id: seat.device.id };
    expect(await client.refusal(revokeEndpoint, { token: doctor.token, params, json: {} })).toBe(
      'sync.unknown-device',
    );
    await client.get(revokeEndpoint, { token: admin.token, params, json: { reason: 'it was lost' } });
    seat.device.write({ kind: 'preference.set', entity: 'late', body: { value: 1 } });
    expect(await client.refusal(pushEndpoint, { token: seat.token, json: seat.device.push() })).toMatch(
      /^(account\.signed-out|sync\.revoked-device)$/,
    );
    expect((await client.get(meEndpoint, { token: doctor.token })).id).toBe(doctor.account.id);
  });

  it('syncs with enrolled devices only', async () => {
    const { client, user } = stage();
    const json = { email: user.email, password, client: 'program' };
    const { accessToken: token } = await client.get(loginEndpoint, { json });
    const pull = { protocol: 1, epoch: null, cursor: 0, limit: 1, verified: null };
    expect(await client.refusal(pullEndpoint, { token, json: pull })).toBe('sync.unknown-device');
  });

  it('asks for an account wherever the table says so, before it looks at anything else', async () => {
    const { client } = stage();
    const guarded = endpoints.filter(({ access }) => access !== 'anyone');
    expect(guarded.length).toBeGreaterThan(10);
    for (const row of guarded) {
      const params = { id: crypto.randomUUID(), sha256: '0'.repeat(64) };
      const response = await client.ask(row, { params });
      expect([row.name, response.status]).toEqual([row.name, 401]);
      await response.body?.cancel();
    }
  });

  it('lets nobody do what is not for the own role', async () => {
    const { client, user, doctor } = stage();
    const forAdmins = endpoints.filter(
      ({ access }) => access !== 'anyone' && !(access as readonly string[]).includes('user'),
    );
    expect(forAdmins.length).toBeGreaterThan(5);
    for (const row of forAdmins) {
      for (const { token, account } of [user, doctor]) {
        if ((row.access as readonly string[]).includes(account.role)) continue;
        const params = { id: doctor.account.id, sha256: '0'.repeat(64) };
        const response = await client.ask(row, { token, params });
        expect([row.name, response.status]).toEqual([row.name, 403]);
        await response.body?.cancel();
      }
    }
  });
}
