import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Endpoint, Role } from '../../shared/api/endpoint.ts';
import { endpoints } from '../../shared/api/endpoints.ts';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { aBlob, send, sha256Of } from '../blobs/blob-store.contract.ts';
import { memoryBucket } from '../blobs/memory-bucket.ts';
import { testVault } from '../blobs/test-vault.ts';
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
  const blobs = createR2Store({ bucket: memoryBucket(() => 0), keys: testVault() });
  const hub = accountsHub({}, { blobs });
  const clinics = await Promise.all(
    ['First clinic', 'Second clinic'].map(async (name) => {
      const admin = await hub.member('admin', name);
      const [doctor, user] = [await hub.member('doctor', name), await hub.member('user', name)];
      const key = deviceKey();
      const sessionId = String(decodeJwt(user.session.accessToken)['sid']);
      const proof = key.proof({ clinic: user.clinic, sessionId });
      await hub.ask('POST', '/devices', { publicKey: key.publicKey, name: 'a laptop', proof }, user.bearer);
      const film = Buffer.from(JSON.stringify({ of: name }));
      const stored = { sha256: sha256Of(film), size: film.length, type: 'application/dicom' };
      await send(blobs, film, stored, film.length, film.length, user.clinic);
      const upload = await send(blobs, new Uint8Array(0), aBlob(2, 10).blob, 10, 0, user.clinic);
      return { admin, doctor, user, device: key.id, file: stored.sha256, upload: upload.id };
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

interface Named {
  readonly user: { readonly id: string };
  readonly device: string;
  readonly file: string;
  readonly upload: string;
}

function pathFor({ path }: Endpoint, clinic: Named): string {
  const kinds = { '/devices/': clinic.device, '/uploads/': clinic.upload, '/blobs/': clinic.file };
  const id = Object.entries(kinds).find(([part]) => path.includes(part))?.[1] ?? clinic.user.id;
  return path.replace('/api/v1', '').replace(/:\w+/, id);
}

/** What a row asks for besides its body. */
function headersFor({ request, method }: Endpoint): Record<string, string> {
  if (method === 'HEAD') return { 'Tus-Resumable': '1.0.0' };
  if (request !== 'bytes') return {};
  return {
    'Tus-Resumable': '1.0.0',
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': '10',
    'Upload-Offset': '0',
    'Upload-Checksum': `sha256 ${'A'.repeat(43)}=`,
  };
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
      const headers = { ...headersFor(row), ...bearers[principal] };
      const { status, json } = await hub.ask(row.method, pathFor(row, own), bodyFor(row), headers);
      // An answer to HEAD has no body to say why.
      const isShutOut =
        row.method === 'HEAD' ? [401, 403].includes(status) : shutOut.has(String(json?.['code']));
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
      const headers = { ...headersFor(row), ...bearers[principal] };
      const { status, json } = await hub.ask(row.method, pathFor(row, other), body, headers);
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
