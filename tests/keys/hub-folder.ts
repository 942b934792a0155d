import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { readConfig } from '../../server/config.ts';
import type { Records } from '../../server/entry/compose-records.ts';
import { openRecords } from '../../server/entry/open-records.ts';
import { nodeCrypto, runningSha256, signerOf } from '../../server/keys/node-crypto.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { readRowsAfter } from '../../server/store/log/folded-rows.ts';
import { enrolmentMessage } from '../../shared/api/devices.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { bytesOf, hexOf } from '../../server/store/log/places.ts';
import { openBody } from '../../server/store/log/stored-bodies.ts';
import { tableNames } from '../../shared/log/fold/tables.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { aBlob, mib, readAll, send, sha256Of } from '../blobs/blob-store.contract.ts';
import { goodPassword } from '../hub/accounts-hub.ts';
import { logDevice, pushOf } from '../hub-log/log-device.ts';

export const admin = { email: 'planted.admin@example.org', password: goodPassword };

/** In two pieces, and one that is arriving. */
const [film, arriving] = [aBlob(71, mib + 5000), aBlob(72, 400_000)];
const seed = new Uint8Array(32).fill(41);

export const openHub = (dataDir: string, more: Readonly<Record<string, string>> = {}): Promise<Records> =>
  openRecords(readConfig({ DATA_DIR: dataDir, ...more }), () => undefined);

/** Who was signed in before, and for whom the records are read. */
export interface Witness {
  readonly clinic: string;
  readonly member: Member;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly rootKey: string;
  /** What was erased. */
  readonly erased: string;
}

/** Accounts, a device, a log with an erased body, rows that are folded from it, and files, on the disk. */
export async function fillHub(
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Witness> {
  const records = await openHub(dataDir, more);
  const { accounts, hubLog, blobs } = records;
  try {
    const account = await accounts.users.setup({
      ...admin,
      token: (await accounts.users.openSetup())!,
      clinic: 'North clinic',
    });
    const clinic = account.clinic.id;
    const actor = { clinic, userId: account.id };
    await accounts.users.add(actor, { email: 'bo@example.org', password: goodPassword, role: 'doctor' });
    const { accessToken } = await accounts.sessions.login({ ...admin, client: 'program' }, undefined);
    const publicKey = toBase64Url(signerOf(seed).publicKey);
    const sessionId = String(decodeJwt(accessToken)['sid']);
    const proof = toBase64Url(await signerOf(seed).sign(enrolmentMessage({ clinic, sessionId, publicKey })));
    const whoever = (await accounts.sessions.authenticate(accessToken))!;
    const enrolled = await accounts.devices.enrol(whoever, { publicKey, name: 'planted laptop', proof });
    const member: Member = { clinic, userId: account.id, role: 'admin', device: enrolled.device };

    const device = logDevice(clinic, account.id, seed);
    const image = {
      kind: 'image.added',
      entity: 'f'.repeat(64),
      body: { sha256: film.blob.sha256, bytes: film.blob.size, type: film.blob.type, fileName: 'film.dcm' },
    };
    const review = (note: string) => ({
      kind: 'review.added',
      entity: image.entity,
      body: { findings: [], results: [], note },
    });
    // A key of a row that has to pass through JSON and SQL as it is.
    const preference = { entity: 'wörd "list" \\ 1', body: { value: 'dark' } };
    const written = [image, review('planted note'), review('to be erased'), preference].map((what) =>
      device.write(what),
    );
    const { stored } = await hubLog.push(member, await pushOf(device, written));
    if (stored.length !== written.length) throw new Error('the push was not stored');
    const { h, body } = written[2]!;
    const reason = { kind: 'body.erased', entity: body!.bodyHash, actor: account.id, body: { reason: 'x' } };
    await hubLog.append(clinic, [{ ...reason, basedOn: [h] }]);
    await send(blobs, film.bytes, film.blob, mib, film.bytes.length, clinic);
    await send(blobs, arriving.bytes, arriving.blob, 100_000, 200_000, clinic);
    const session = await accounts.sessions.login({ ...admin, client: 'program' }, undefined);
    return {
      clinic,
      member,
      accessToken: session.accessToken,
      refreshToken: session.refreshToken,
      rootKey: hubLog.rootKey(),
      erased: body!.bodyHash,
    };
  } finally {
    await records.close();
  }
}

async function collect(lines: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const bodiesWithNames = 'SELECT sealed, h, body_hash FROM bodies NATURAL JOIN entries ORDER BY place';

/** Everything that is sealed, as the hub reads it, without leaving a trace in the log: equal before and after. */
export async function readHub({ database, vault, hubLog, accounts, blobs }: Records, witness: Witness) {
  const { clinic } = witness;
  const bodies = await database.read({ sql: bodiesWithNames, args: [] });
  const whoever = (await accounts.sessions.authenticate(witness.accessToken))!;
  const rows: Record<string, unknown> = {};
  for (const table of tableNames) {
    rows[table] = await readRowsAfter(database, vault, { tree: 1, table, after: '', limit: 1000 });
  }
  return {
    users: await accounts.users.list(clinic, { limit: 10 }),
    devices: await accounts.devices.list(whoever, { limit: 10 }),
    rootKey: hubLog.rootKey(),
    rows,
    bodies: bodies.map(({ sealed, h, body_hash: hash }) =>
      openBody(bytesOf(sealed), hexOf(h), hexOf(hash), vault),
    ),
    film: sha256Of(await readAll(blobs, film.blob.sha256, 0, Infinity, clinic)),
    offset: ((await blobs.begin(clinic, arriving.blob)) as { offset?: number }).offset,
  };
}

/** What a hub does with it: signs in, takes an upload to its end, exports what it proves. @returns the findings of the verifier */
export async function workOn(records: Records, { clinic, member, rootKey, refreshToken }: Witness) {
  const { accounts, blobs, hubLog } = records;
  await accounts.sessions.refresh(refreshToken, undefined);
  await accounts.sessions.login({ ...admin, client: 'program' }, undefined);
  await send(blobs, arriving.bytes, arriving.blob, 100_000, arriving.bytes.length, clinic);
  const lines = await collect(await hubLog.audit.exportLines(member));
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield* lines;
  };
  const crypto = { ...nodeCrypto, startSha256: runningSha256 };
  return (await verifyExport({ open, pinnedKeys: [rootKey] }, crypto)).findings;
}

export const keyFileOf = (dataDir: string): string => `${dataDir}.key`;

export async function keyLines(dataDir: string): Promise<string[]> {
  return (await readFile(keyFileOf(dataDir), 'utf8')).trim().split('\n');
}

export const newKeyLine = (): string => randomBytes(32).toString('base64');

export const configOf = (dataDir: string, more: Readonly<Record<string, string>> = {}) =>
  readConfig({ DATA_DIR: join(dataDir), ...more });
