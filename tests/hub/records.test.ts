import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { Records } from '../../server/entry/compose-records.ts';
import { openRecords } from '../../server/entry/open-records.ts';
import { operatorOf } from '../../server/entry/operator-of.ts';
import { remoteOperator, serveOperator } from '../../server/operator/operator-socket.ts';
import { goodPassword } from './accounts-hub.ts';
import { deviceKey } from './device-key.ts';

/** What the hub keeps, as it stands on the disk: libSQL in a file, the log, the keys. */

let home: string;
let dataDir: string;
const said: string[] = [];
const open: Records[] = [];

async function openThem(): Promise<Records> {
  const records = await openRecords(readConfig({ DATA_DIR: dataDir }), (line) => said.push(line));
  open.push(records);
  return records;
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fieldray-records-'));
  dataDir = join(home, 'data');
});
afterEach(async () => {
  for (const records of open.splice(0)) await records.close();
  await rm(home, { recursive: true });
});

const admin = { email: 'planted.admin@example.org', password: goodPassword };

async function setUp({ accounts: { users } }: Records) {
  return users.setup({ ...admin, token: (await users.openSetup())!, clinic: 'North clinic' });
}

it('are there after the hub was started again: accounts, sessions, keys, rights in the log', async () => {
  const first = await openThem();
  const account = await setUp(first);
  const session = await first.accounts.sessions.login({ ...admin, client: 'program' }, undefined);
  await first.close();
  open.length = 0;
  const second = await openThem();
  expect(await second.accounts.users.openSetup()).toBeUndefined();
  expect(await second.accounts.sessions.authenticate(session.accessToken)).toMatchObject({ role: 'admin' });
  const next = await second.accounts.sessions.refresh(session.refreshToken, undefined);
  expect(next.account.email).toBe(admin.email);
  expect(await second.hubLog.roleOf(account.clinic.id, account.id)).toBe('admin');
});

it('say the same in rows and in the log, and write neither half', async () => {
  const { accounts, hubLog } = await openThem();
  const { id, clinic } = await setUp({ accounts, hubLog } as Records);
  const actor = { clinic: clinic.id, userId: id };
  const bob = await accounts.users.add(actor, {
    email: 'bob@example.org',
    password: goodPassword,
    role: 'doctor',
  });
  expect(await hubLog.roleOf(clinic.id, bob.id)).toBe('doctor');
  await accounts.users.setRole(actor, bob.id, 'admin');
  expect(await hubLog.roleOf(clinic.id, bob.id)).toBe('admin');
  await accounts.users.disable(actor, bob.id, undefined);
  expect(await hubLog.roleOf(clinic.id, bob.id)).toBeUndefined();
  await expect(accounts.users.disable(actor, id, undefined)).rejects.toMatchObject({
    code: 'account.last-admin',
  });
  expect(await hubLog.roleOf(clinic.id, id)).toBe('admin');
  await expect(accounts.clinics.found('South', { ...admin, role: 'admin' })).rejects.toMatchObject({
    code: 'account.exists',
  });
  expect(await accounts.clinics.list()).toHaveLength(1);
});

it('know an enrolled device in rows and in the log', async () => {
  const { accounts, hubLog } = await openThem();
  await setUp({ accounts, hubLog } as Records);
  const { accessToken } = await accounts.sessions.login({ ...admin, client: 'program' }, undefined);
  const member = (await accounts.sessions.authenticate(accessToken))!;
  const key = deviceKey();
  const proof = key.proof({ clinic: member.clinic, sessionId: String(decodeJwt(accessToken)['sid']) });
  const enrolled = await accounts.devices.enrol(member, { publicKey: key.publicKey, name: 'laptop', proof });
  expect(enrolled.rootKey).toBe(hubLog.rootKey());
  expect(await hubLog.deviceOf(member.clinic, key.id)).toMatchObject({ revoked: false });
  await accounts.devices.revoke(member, key.id, 'was stolen');
  expect(await hubLog.deviceOf(member.clinic, key.id)).toMatchObject({ revoked: true });
});

it('lie in a folder for this account of the system alone, with nothing of a person in clear', async () => {
  const records = await openThem();
  await setUp(records);
  await records.accounts.sessions.login({ ...admin, client: 'program' }, undefined);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  const files = await readdir(dataDir);
  expect(files).toContain('records.db');
  for (const file of files) {
    const text = (await readFile(join(dataDir, file))).toString('latin1');
    expect(text, file).not.toContain('planted');
    expect(text, file).not.toContain(goodPassword);
  }
  expect(said.at(-1)).toMatch(/^A new master key was made: .*data\.key/);
});

it('have one owner at a time; the operator’s commands go through it', async () => {
  const records = await openThem();
  const operator = remoteOperator(dataDir);
  expect(await operator.run({ do: 'list' })).toBeUndefined();
  const socket = await serveOperator(dataDir, operatorOf(records));
  expect((await stat(join(dataDir, 'operator.sock'))).mode & 0o777).toBe(0o600);
  const add = { do: 'add', ...admin, role: 'admin', clinic: 'North' } as const;
  expect(await operator.run(add)).toEqual({
    users: [{ email: admin.email, role: 'admin', status: 'active', clinic: 'North' }],
  });
  await expect(operator.run(add)).rejects.toMatchObject({ code: 'account.exists' });
  await expect(operator.run({ ...add, email: 'bob@example.org', password: 'short' })).rejects.toMatchObject({
    code: 'account.weak-password',
  });
  await expect(operator.run({ do: 'disable', email: 'no@example.org' })).rejects.toMatchObject({
    code: 'account.unknown',
  });
  await expect(operator.run({ do: 'drop-all' } as never)).rejects.toMatchObject({ code: 'usage.invalid' });
  await expect(operator.run({ ...add, password: 'x'.repeat(100_000) })).rejects.toMatchObject({
    code: 'request.too-large',
  });
  await expect(openThem()).rejects.toMatchObject({ code: 'storage.in-use' });
  await socket.close();
  expect(await operator.run({ do: 'list' })).toBeUndefined();
});

it('serve commands again where a killed hub has left its socket', async () => {
  const records = await openThem();
  const operator = operatorOf(records);
  await serveOperator(dataDir, operator);
  const again = await serveOperator(dataDir, operator);
  expect(await remoteOperator(dataDir).run({ do: 'list' })).toEqual({ users: [] });
  await again.close();
});

it('say why they cannot be made where nothing can be written', async () => {
  dataDir = '/dev/null/data';
  await expect(openThem()).rejects.toMatchObject({ code: 'usage.invalid' });
});
