import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Endpoint, Role } from '../../shared/api/endpoint.ts';
import { endpoints } from '../../shared/api/endpoints.ts';
import { accountsHub, goodPassword } from './accounts-hub.ts';
import { deviceKey } from './device-key.ts';

/**
 * Everybody against every endpoint, made from the table: a new row is in it at once, and has to be told what its request
 * looks like if the simple one below does not reach its handler.
 */

const principals = ['nobody', 'forged', 'ended', 'disabled', 'user', 'doctor', 'admin'] as const;
type Principal = (typeof principals)[number];

/** Bodies that the rows take. Rows without one here get `{}`. */
const bodies: Readonly<Record<string, object>> = {
  setup: { token: 'A'.repeat(43), email: 'x@example.org', password: goodPassword, clinic: 'X' },
  register: { email: 'x@example.org', password: goodPassword },
  login: { email: 'x@example.org', password: goodPassword },
  addUser: { email: 'y@example.org', password: goodPassword, role: 'user' },
  setRole: { role: 'doctor' },
  changePassword: { current: 'not the password', next: goodPassword },
  enrol: { publicKey: 'A'.repeat(43), name: 'x', proof: 'A'.repeat(86) },
};

/** Refusals of who asks; every other answer says that the row let the principal in. */
const shutOut = new Set(['account.signed-out', 'account.forbidden']);

async function world() {
  const hub = accountsHub();
  const clinics = await Promise.all(
    ['First clinic', 'Second clinic'].map(async (name) => {
      const admin = await hub.member('admin', name);
      const [doctor, user] = [await hub.member('doctor', name), await hub.member('user', name)];
      const key = deviceKey();
      const sessionId = String(decodeJwt(user.session.accessToken)['sid']);
      const proof = key.proof({ clinic: user.clinic, sessionId });
      await hub.ask('POST', '/devices', { publicKey: key.publicKey, name: 'a laptop', proof }, user.bearer);
      return { admin, doctor, user, device: key.id };
    }),
  );
  const [own, other] = [clinics[0]!, clinics[1]!];
  const ended = await hub.member('admin');
  await hub.ask('POST', '/auth/logout', {}, ended.bearer);
  const disabled = await hub.member('admin');
  await hub.ask('POST', `/users/${disabled.id}/disable`, {}, own.admin.bearer);
  const forged = own.admin.session.accessToken.replace(/.{6}$/, 'AAAAAA');
  const bearers: Record<Principal, Record<string, string>> = {
    nobody: {},
    forged: { Authorization: `Bearer ${forged}` },
    ended: ended.bearer,
    disabled: disabled.bearer,
    user: own.user.bearer,
    doctor: own.doctor.bearer,
    admin: own.admin.bearer,
  };
  return { hub, own, other, bearers };
}

function pathFor({ path }: Endpoint, clinic: { user: { id: string }; device: string }): string {
  const id = path.includes('/devices/') ? clinic.device : clinic.user.id;
  return path.replace('/api/v1', '').replace(/:\w+/, id);
}

function bodyFor({ name, request }: Endpoint): object | undefined {
  return request === 'json' ? (bodies[name] ?? {}) : undefined;
}

const rows: readonly Endpoint[] = endpoints;

it.each(rows.map((row) => [`${row.method} ${row.path}`, row] as const))(
  '%s lets in whom the table names, and nobody else',
  async (_name, row) => {
    const { hub, own, bearers } = await world();
    const outcomes: Record<string, boolean> = {};
    const expected: Record<string, boolean> = {};
    for (const principal of principals) {
      const { status, json } = await hub.ask(row.method, pathFor(row, own), bodyFor(row), bearers[principal]);
      const isShutOut = shutOut.has(String(json?.['code']));
      if (isShutOut) expect([401, 403]).toContain(status);
      // A refresh without a token is refused for that, whoever asks.
      outcomes[principal] = row.name === 'refresh' ? isShutOut : !isShutOut;
      expected[principal] = row.access === 'anyone' || row.access.includes(principal as Role);
    }
    expect(outcomes).toEqual(expected);
  },
);

const named = rows.filter(({ path }) => path.includes('/:'));

describe.each(named.map((row) => [`${row.method} ${row.path}`, row] as const))('%s', (_name, row) => {
  it('does not find what is another clinic’s', async () => {
    const { hub, other, bearers } = await world();
    const before = hub.database.dump();
    const facts = hub.hubLog.facts.length;
    for (const principal of ['user', 'doctor', 'admin'] as const) {
      const body = bodyFor(row);
      const { status, json } = await hub.ask(row.method, pathFor(row, other), body, bearers[principal]);
      // To end a session that is not one's own does nothing, and says nothing.
      if (row.name === 'endSession') expect(status).toBe(204);
      else expect([403, 404]).toContain(status);
      expect(JSON.stringify(json ?? {})).not.toContain(other.user.email);
    }
    expect(hub.database.dump()).toBe(before);
    expect(hub.hubLog.facts.length).toBe(facts);
  });
});

it('looked at every row', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  const guarded = rows.filter(({ access }) => access !== 'anyone');
  expect(guarded.length).toBeGreaterThanOrEqual(13);
  expect(named.length).toBeGreaterThanOrEqual(6);
  expect(new Set(rows.filter(({ access }) => access === 'anyone').map(({ name }) => name))).toEqual(
    new Set(['health', 'setup', 'register', 'login', 'refresh', 'logout']),
  );
});

it('says who asked for what the own role may not do', async () => {
  const denied: unknown[] = [];
  const hub = accountsHub({}, { denied: ({ member, endpoint }) => denied.push([member.role, endpoint]) });
  const { bearer } = await hub.member('user');
  expect((await hub.ask('GET', '/users', undefined, bearer)).status).toBe(403);
  expect(denied).toEqual([['user', 'users']]);
});
