import { expect, it } from 'vitest';
import { accountsHub, goodPassword, quickArgon2id } from './accounts-hub.ts';

/** A password takes a while to check, and the account may change in between. */

const otherPassword = 'eight lungs under glass';

/** A hub where something happens once, while the next password is being checked. */
async function hubWith(happening: (hub: Awaited<ReturnType<typeof world>>) => Promise<unknown>) {
  let next: (() => Promise<unknown>) | undefined;
  const hub = await world(async () => {
    const now = next;
    next = undefined;
    await now?.();
  });
  next = () => happening(hub);
  return hub;
}

async function world(meanwhile: () => Promise<unknown>) {
  const hub = accountsHub({
    argon2id: async (...given) => {
      const tag = await quickArgon2id(...given);
      await meanwhile();
      return tag;
    },
  });
  const admin = await hub.member('admin');
  return { ...hub, admin, doctor: await hub.member('doctor') };
}

const changed = { current: goodPassword, next: otherPassword };

it('nobody gets in with the password of before', async () => {
  const { ask, doctor, hubLog } = await hubWith((hub) =>
    hub.ask('POST', '/auth/password', changed, hub.doctor.bearer),
  );
  const { status, json } = await ask('POST', '/auth/login', { email: doctor.email, password: goodPassword });
  expect(status).toBe(401);
  expect(json).toMatchObject({ code: 'account.wrong-credentials' });
  expect(hubLog.facts.at(-1)).toMatchObject({ kind: 'audit.password-changed' });
});

it('no session is left for the day on which a closed account is opened again', async () => {
  const { ask, admin, doctor, database } = await hubWith((hub) =>
    hub.ask('POST', `/users/${hub.doctor.id}/disable`, {}, hub.admin.bearer),
  );
  const { status } = await ask('POST', '/auth/login', { email: doctor.email, password: goodPassword });
  expect(status).toBe(401);
  await ask('POST', `/users/${doctor.id}/enable`, undefined, admin.bearer);
  const open = 'SELECT id FROM sessions WHERE user = ? AND ended_at IS NULL';
  expect(await database.read({ sql: open, args: [doctor.id] })).toEqual([]);
});

it('of two who change a password, both knowing it, the first one stays', async () => {
  const { ask, doctor, signIn } = await hubWith((hub) =>
    hub.ask('POST', '/auth/password', changed, hub.doctor.bearer),
  );
  const thief = { current: goodPassword, next: 'nine lungs under glass' };
  const { json } = await ask('POST', '/auth/password', thief, doctor.bearer);
  expect(json).toMatchObject({ code: 'account.wrong-credentials' });
  expect((await signIn(doctor.email, otherPassword)).account.id).toBe(doctor.id);
});
