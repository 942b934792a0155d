import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../server/blobs/disk-files.ts';
import { keepBlob, keptBlob } from '../../server/cli/device/blob-folder.ts';
import { deviceCommand } from '../../server/cli/device/device.ts';
import {
  type DeviceFile,
  newSecret,
  readDeviceFile,
  writeDeviceFile,
} from '../../server/cli/device/device-file.ts';
import { writeReceipts } from '../../server/cli/device/write-receipts.ts';
import { openDeviceHome } from '../../server/cli/device/device-home.ts';
import { GrantKey } from '../../shared/api/devices.ts';
import { readGrant } from '../../shared/api/read-grant.ts';
import { nodeCrypto, signerOf } from '../../server/keys/node-crypto.ts';
import { fromBase64Url, toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { append } from '../../shared/log/device-log.ts';
import { deviceIdOf } from '../../shared/log/entry.ts';
import { ann, ben, review } from '../fixtures/fold-steps.ts';
import { aFilm, clinic, film } from '../fixtures/test-device.ts';
import { testSigner } from '../fixtures/test-signer.ts';

/** The device in the terminal as far as it needs no hub. */

let home: string;
let file: DeviceFile;

async function grantOf(device: string, changes: object = {}, expiresIn = '14d') {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const grant = await new SignJWT({ clinic, role: 'doctor', dev: device, ...changes })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'fieldray-grant+jwt' })
    .setIssuer('fieldray-hub')
    .setAudience('fieldray-device')
    .setSubject(ann)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(privateKey);
  return { grant, grantKey: GrantKey.parse({ ...(await exportJWK(publicKey)), kid: 'a key' }) };
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fieldray-home-'));
  const seed = newSecret();
  const device = deviceIdOf(signerOf(fromBase64Url(seed)).publicKey, nodeCrypto);
  file = {
    format: 1,
    hub: 'http://127.0.0.1:9',
    seed,
    masterKey: newSecret(),
    user: ann,
    email: 'ann@clinic.example',
    refreshToken: 'secret-of-the-session',
    ...(await grantOf(device)),
  };
  await writeDeviceFile(home, file);
  const rootKey = toBase64Url(testSigner('root').publicKey);
  const opened = await openDeviceHome(home, { file, identity: { clinic, device, rootKey } });
  await append(opened.parts, [{ kind: 'image.added', entity: film, actor: ann, body: aFilm }]);
  await opened.close();
});
afterEach(() => rm(home, { recursive: true }));

async function run(...args: string[]) {
  let out = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (out += text),
    outIsScreen: false,
    errIsScreen: false,
    interrupted: new AbortController().signal,
  };
  const status = await deviceCommand([...args, '--home', home], terminal, Readable.from([]));
  return { status, out };
}

describe('a device in a folder', () => {
  it('signs a reading without a hub and shows it', async () => {
    const signed = await run('review', 'ffffff', '--finding', 'effusion=yes', '--note', 'left base');
    expect(signed).toMatchObject({ status: 0, out: expect.stringContaining('its readings: read') as string });
    const { out } = await run('status');
    expect(out).toContain('To send   2');
    expect(out).toMatch(/Image {5}ffffffffffff {2}read\n.*effusion yes — left base/);
    expect(out).not.toContain('secret-of-the-session');
  });

  it('settles two readings that did not see each other, and only those', async () => {
    await expect(run('adjudicate', 'ffffff', '--finding', 'effusion=no')).rejects.toMatchObject({
      code: 'usage.invalid',
    });
    const { parts, ...opened } = await openDeviceHome(home);
    for (const actor of [ann, ben]) {
      const everybody = { ...parts, grant: async () => ({ ...(await parts.grant())!, user: actor }) };
      await append(everybody, [{ kind: 'review.added', entity: film, actor, body: review('yes') }]);
    }
    await opened.close();
    expect((await run('status')).out).toContain('DISCORDANT');
    const { out } = await run('adjudicate', 'ffffff', '--finding', 'effusion=uncertain');
    expect(out).toContain('its readings: adjudicated');
  });

  it('signs nothing when the leave to do so has ended, and says so', async () => {
    await writeDeviceFile(home, { ...file, ...(await grantOf(deviceOf(file), {}, '-1 minute')) });
    await expect(run('review', 'ffffff', '--finding', 'effusion=yes')).rejects.toMatchObject({
      code: 'sync.grant-expired',
    });
    expect((await run('status')).out).toContain('that is over');
  });

  it('believes no grant that its hub did not sign', async () => {
    const { grantKey } = await grantOf(deviceOf(file));
    expect(await readGrant({ ...file, grantKey })).toBeNull();
    expect(await readGrant({ ...file, grant: 'x' })).toBeNull();
    expect(await readGrant(file)).toMatchObject({ user: ann, role: 'doctor', device: deviceOf(file) });
  });

  it('writes receipts where it is told, beside those of other devices', async () => {
    const folder = join(home, 'receipts');
    const { status, out } = await run('receipts', folder);
    const said = `0 receipts and the hub's key (hub.key) are in ${folder}.\n`;
    expect({ status, out }).toEqual({ status: 0, out: said });
    expect(await readdir(folder)).toEqual(['hub.key']);
    const checkpoint = {
      clinic,
      epoch: '0'.repeat(32),
      size: 7,
      root: '0'.repeat(64),
      at: 1,
      sig: 'A'.repeat(86),
    };
    const receipt = { checkpoint, placements: [], sig: 'A'.repeat(86) };
    for (const device of ['a'.repeat(32), 'b'.repeat(32)])
      await writeReceipts([receipt, receipt], { device, rootKey: 'k' }, folder);
    expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toHaveLength(4);
  });

  it('does not ask for an export that it could not write', async () => {
    const path = join(home, 'records.jsonl');
    await writeFile(path, 'mine');
    // The hub of this folder is not there, so whoever asked it would say that.
    await expect(run('export', path)).rejects.toMatchObject({
      code: 'usage.file-problem',
      message: expect.stringContaining('nothing is overwritten') as string,
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
    const other = join(home, 'other.jsonl');
    await expect(run('export', other)).rejects.toMatchObject({ code: 'network.unreachable' });
    expect(await readdir(home)).not.toContain('other.jsonl');
  });

  it('is for one command at a time', async () => {
    const opened = await openDeviceHome(home);
    await expect(run('status')).rejects.toMatchObject({ code: 'storage.in-use' });
    await opened.close();
    expect((await run('status')).status).toBe(0);
  });

  it('keeps its secrets for its owner', async () => {
    expect((await stat(join(home, 'device.json'))).mode & 0o777).toBe(0o600);
    const database = await readFile(join(home, 'device.db'), 'latin1');
    expect(database).toContain('image.added');
    for (const secret of [file.seed, 'film.png', 'secret-of-the-session'])
      expect(database).not.toContain(secret);
  });

  it('keeps pictures sealed, each under its own name', async () => {
    const { sealer, ...opened } = await openDeviceHome(home);
    const bytes = new TextEncoder().encode('planted pixels');
    await keepBlob(home, sealer, 'a'.repeat(64), bytes);
    const ref = { sha256: 'a'.repeat(64), bytes: bytes.length, type: 'image/png' };
    const kept = await keptBlob(home, sealer, ref);
    expect(new Uint8Array(await kept.bytes(0, 7))).toEqual(bytes.slice(0, 7));
    const path = join(home, 'blobs', ref.sha256);
    expect(await readFile(path, 'latin1')).not.toContain('planted');
    await writeFile(join(home, 'blobs', 'b'.repeat(64)), await readFile(path));
    const moved = keptBlob(home, sealer, { ...ref, sha256: 'b'.repeat(64) });
    await expect(moved).rejects.toMatchObject({ code: 'storage.sealed' });
    await opened.close();
  });

  it('gives a picture its name when all of it lies on the disk', async () => {
    const { sealer, ...opened } = await openDeviceHome(home);
    const files = { ...diskFiles(), rename: () => Promise.reject(new AppError('storage.full', 'no room')) };
    const kept = keepBlob(home, sealer, 'a'.repeat(64), new Uint8Array(9), files);
    await expect(kept).rejects.toMatchObject({ code: 'storage.full' });
    expect(await readdir(join(home, 'blobs'))).toEqual([`${'a'.repeat(64)}.next`]);
    await keepBlob(home, sealer, 'a'.repeat(64), new Uint8Array(9));
    expect(await readdir(join(home, 'blobs'))).toEqual(['a'.repeat(64)]);
    await opened.close();
  });

  it('does not go on with a file that is damaged', async () => {
    await writeFile(join(home, 'device.json'), '{"format":1');
    await expect(readDeviceFile(home)).rejects.toMatchObject({ code: 'storage.sealed' });
  });
});

describe('a command that is wrong', () => {
  it.each([
    [['review', 'ffffff']],
    [['review', 'fff', '--finding', 'effusion=yes']],
    [['review', 'eeeeee', '--finding', 'effusion=yes']],
    [['review', 'ffffff', '--finding', 'effusion=maybe']],
    [['review', '--finding', 'effusion=yes']],
    [['status', 'now']],
    [['enrol', 'ann@clinic.example']],
    [['enrol', 'ann@clinic.example', '--password-stdin', '--hub', 'ftp://x']],
    [['enrol', 'ann@clinic.example', '--password-stdin', '--hub', 'http://192.168.1.5:8787']],
    [['enrol', 'ann@clinic.example', '--password-stdin', '--hub', 'http://hub.example.org']],
    [['enrol', 'ann@clinic.example', '--password-stdin']],
    [['fly']],
  ])('is refused and writes nothing: %j', async (args) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 'usage.invalid' });
    expect((await run('status')).out).toContain('To send   1');
  });

  it('needs a folder in which a device was enrolled', async () => {
    await rm(join(home, 'device.json'));
    await expect(run('status')).rejects.toMatchObject({ code: 'sync.unknown-device' });
  });
});

function deviceOf({ seed }: DeviceFile): string {
  return deviceIdOf(signerOf(fromBase64Url(seed)).publicKey, nodeCrypto);
}
