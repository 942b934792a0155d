import { createPublicKey } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { accountsHub } from './accounts-hub.ts';
import { deviceKey } from './device-key.ts';

type Hub = ReturnType<typeof accountsHub>;
type Member = Awaited<ReturnType<Hub['member']>>;

function sessionOf(member: Pick<Member, 'session'>): string {
  return String(decodeJwt(member.session.accessToken)['sid']);
}

function enrol(hub: Hub, member: Member, key = deviceKey(), changes: object = {}) {
  const proof = key.proof({ clinic: member.clinic, sessionId: sessionOf(member) });
  const body = { publicKey: key.publicKey, name: 'Laptop of the ward', proof, ...changes };
  return hub.ask('POST', '/devices', body, member.bearer);
}

describe('a device', () => {
  it('is enrolled with its key, and the session is bound to it', async () => {
    const hub = accountsHub();
    const doctor = await hub.member('doctor');
    const key = deviceKey();
    const { status, json } = await enrol(hub, doctor, key);
    expect(status).toBe(200);
    expect(json).toMatchObject({ device: key.id, policy: { offlineDays: 14 } });
    expect(hub.hubLog.facts.at(-1)).toMatchObject({
      kind: 'device.enrolled',
      entity: key.id,
      actor: doctor.id,
      body: { key: key.publicKey, name: 'Laptop of the ward', role: 'device' },
    });
    const member = await hub.accounts.sessions.authenticate(String(json['accessToken']));
    expect(member).toMatchObject({ device: key.id, userId: doctor.id });
    expect(await hub.accounts.sessions.authenticate(doctor.session.accessToken)).not.toHaveProperty('device');
    const { refreshToken } = doctor.session;
    const refreshed = await hub.ask('POST', '/auth/refresh', { refreshToken });
    expect(refreshed.json).toMatchObject({ device: key.id });
  });

  it('gets a grant that it can check without a network, and that opens nothing at the hub', async () => {
    const hub = accountsHub();
    const doctor = await hub.member('doctor');
    const { json } = await enrol(hub, doctor);
    const grant = String(json['grant']);
    const key = createPublicKey({ key: json['grantKey'] as never, format: 'jwk' });
    const { payload, protectedHeader } = await jwtVerify(grant, key, {
      algorithms: ['EdDSA'],
      typ: 'fieldray-grant+jwt',
      audience: 'fieldray-device',
      currentDate: new Date(hub.clock.now()),
    });
    expect(protectedHeader.kid).toBe((json['grantKey'] as { kid: string }).kid);
    expect(payload).toMatchObject({
      sub: doctor.id,
      role: 'doctor',
      clinic: doctor.clinic,
      dev: json['device'],
    });
    expect(payload.exp! - payload.iat!).toBe(14 * 24 * 3600);
    expect((await hub.ask('GET', '/auth/me', undefined, { Authorization: `Bearer ${grant}` })).status).toBe(
      401,
    );
  });

  it('is not enrolled by somebody who does not hold its key, nor with the proof of another session', async () => {
    const hub = accountsHub();
    const [doctor, other] = [await hub.member('doctor'), await hub.member('doctor')];
    const key = deviceKey();
    const refused = { status: 403, code: 'device.bad-proof' };
    expect((await enrol(hub, doctor, key, { publicKey: deviceKey().publicKey })).json).toMatchObject(refused);
    const proof = key.proof({ clinic: other.clinic, sessionId: sessionOf(other) });
    expect((await enrol(hub, doctor, key, { proof })).json).toMatchObject(refused);
    expect(hub.hubLog.facts.map(({ kind }) => kind)).not.toContain('device.enrolled');
  });

  it('that comes back is met again: a new grant, and one entry for each person who writes there', async () => {
    const hub = accountsHub();
    const [doctor, other] = [await hub.member('doctor'), await hub.member('user')];
    const key = deviceKey();
    await enrol(hub, doctor, key);
    const again = await enrol(hub, other, key);
    expect(again.json).toMatchObject({ device: key.id, account: { id: other.id } });
    await enrol(hub, doctor, key);
    await enrol(hub, other, key);
    const facts = hub.hubLog.facts.filter(({ kind }) => kind === 'device.enrolled');
    expect(facts.map(({ actor, entity }) => [actor, entity])).toEqual([
      [doctor.id, key.id],
      [other.id, key.id],
    ]);
  });

  it('of another clinic is not taken', async () => {
    const hub = accountsHub();
    const [here, there] = [await hub.member('admin'), await hub.member('admin', 'Second clinic')];
    const key = deviceKey();
    await enrol(hub, there, key);
    expect((await enrol(hub, here, key)).json).toMatchObject({ code: 'sync.other-clinic' });
  });

  it('that is shut out loses its sessions and cannot come back with the same key, but with a new one', async () => {
    const hub = accountsHub();
    const [admin, doctor] = [await hub.member('admin'), await hub.member('doctor')];
    const key = deviceKey();
    const bound = await enrol(hub, doctor, key);
    const bearer = { Authorization: `Bearer ${String(bound.json['accessToken'])}` };
    expect((await hub.ask('GET', '/auth/me', undefined, bearer)).status).toBe(200);
    const revoked = await hub.ask(
      'POST',
      `/devices/${key.id}/revoke`,
      { reason: 'was stolen' },
      admin.bearer,
    );
    expect(revoked.json).toMatchObject({ id: key.id, revokedAt: expect.any(String) as string });
    expect(hub.hubLog.facts.at(-1)).toMatchObject({ kind: 'device.revoked', body: { reason: 'was stolen' } });
    expect((await hub.ask('GET', '/auth/me', undefined, bearer)).status).toBe(401);
    const { refreshToken } = doctor.session;
    expect((await hub.ask('POST', '/auth/refresh', { refreshToken })).status).toBe(401);
    const session = await hub.signIn(doctor.email);
    const back = { ...doctor, session, bearer: { Authorization: `Bearer ${session.accessToken}` } };
    expect((await enrol(hub, back, key)).json).toMatchObject({ code: 'sync.revoked-device' });
    expect((await enrol(hub, back)).status).toBe(200);
  });

  it('that asks twice at once is enrolled once', async () => {
    const hub = accountsHub();
    const doctor = await hub.member('doctor');
    const key = deviceKey();
    const append = hub.hubLog.append.bind(hub.hubLog);
    hub.hubLog.append = async (...given) => {
      await setImmediate();
      return append(...given);
    };
    const answers = await Promise.all([enrol(hub, doctor, key), enrol(hub, doctor, key)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(hub.hubLog.facts.filter(({ kind }) => kind === 'device.enrolled')).toHaveLength(1);
  });

  it('that is shut out while it comes back gets no session', async () => {
    const hub = accountsHub();
    const [doctor, admin] = [await hub.member('doctor'), await hub.member('admin')];
    const key = deviceKey();
    await enrol(hub, doctor, key);
    const again = { ...doctor, session: await hub.signIn(doctor.email) };
    again.bearer = { Authorization: `Bearer ${again.session.accessToken}` };
    const deviceOf = hub.hubLog.deviceOf.bind(hub.hubLog);
    hub.hubLog.deviceOf = async (...asked) => {
      const found = await deviceOf(...asked);
      await hub.ask('POST', `/devices/${key.id}/revoke`, {}, admin.bearer);
      return found;
    };
    const { json } = await enrol(hub, again, key);
    expect(await hub.accounts.sessions.authenticate(String(json['accessToken']))).toBeUndefined();
    const { refreshToken } = again.session;
    expect((await hub.ask('POST', '/auth/refresh', { refreshToken })).json).not.toHaveProperty('device');
  });

  it('is shown to who enrolled it and to administrators, and only they can shut it out', async () => {
    const hub = accountsHub();
    const [admin, doctor, other] = [
      await hub.member('admin'),
      await hub.member('doctor'),
      await hub.member('doctor'),
    ];
    const stranger = await hub.member('admin', 'Second clinic');
    const key = deviceKey();
    await enrol(hub, doctor, key);
    const listFor = async ({ bearer }: Member) =>
      (await hub.ask('GET', '/devices', undefined, bearer)).json['devices'];
    expect(await listFor(doctor)).toMatchObject([{ id: key.id, name: 'Laptop of the ward' }]);
    expect(await listFor(admin)).toHaveLength(1);
    expect(await listFor(other)).toEqual([]);
    expect(await listFor(stranger)).toEqual([]);
    for (const { bearer } of [other, stranger]) {
      expect((await hub.ask('POST', `/devices/${key.id}/revoke`, {}, bearer)).json).toMatchObject({
        code: 'sync.unknown-device',
      });
    }
    expect((await hub.ask('POST', `/devices/${key.id}/revoke`, {}, doctor.bearer)).status).toBe(200);
  });

  it('has its name sealed', async () => {
    const hub = accountsHub();
    await enrol(hub, await hub.member('doctor'), deviceKey(), { name: 'planted laptop' });
    expect(hub.database.dump()).not.toContain('planted');
  });
});
