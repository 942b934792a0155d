import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleCommand } from '../../server/cli/bundle/bundle.ts';
import { hasBlob, keepBlob } from '../../server/cli/device/blob-folder.ts';
import { deviceCommand } from '../../server/cli/device/device.ts';
import { openDeviceHome } from '../../server/cli/device/device-home.ts';
import { operatorOf } from '../../server/entry/operator-of.ts';
import { serveOperator } from '../../server/operator/operator-socket.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { append } from '../../shared/log/device-log.ts';
import { serveTestHub } from '../records/served-hub.ts';

/** Two devices that were enrolled and never meet their hub again, and a stick. */
describe('npx fieldray bundle, device bundle, device take', () => {
  const bo = { email: 'bo@example.org', password: 'slow brown rivers 1984' };
  let folder: string;
  let hub: Awaited<ReturnType<typeof serveTestHub>>;
  let operator: Awaited<ReturnType<typeof serveOperator>>;
  const at = (...names: string[]): string => join(folder, ...names);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-stick-'));
    await mkdir(at('page'));
    await mkdir(at('data'));
    hub = await serveTestHub(at('page'));
    await hub.member(bo.email, bo.password, 'doctor');
    operator = await serveOperator(at('data'), operatorOf(hub.records));
    for (const home of ['ward', 'tent']) {
      await device(
        bo.password,
        'enrol',
        bo.email,
        '--home',
        at(home),
        '--hub',
        hub.address,
        '--password-stdin',
      );
    }
    hub.online(false);
  });
  afterEach(async () => {
    await operator.close();
    await hub.close();
    await rm(folder, { recursive: true });
  });

  async function ran(run: (terminal: Parameters<typeof deviceCommand>[1]) => Promise<number>) {
    let out = '';
    const take = (text: string): void => void (out += text);
    const signal = new AbortController().signal;
    const terminal = { out: take, err: take, outIsScreen: false, errIsScreen: false, interrupted: signal };
    try {
      return { status: await run(terminal), out };
    } catch (error) {
      return { status: error instanceof AppError ? error.code : String(error), out };
    }
  }
  const device = (input: string, ...args: readonly string[]) =>
    ran((terminal) => deviceCommand(args, terminal, Readable.from([input])));
  const on = (home: string, ...args: readonly string[]) => device('', ...args, '--home', at(home));
  const takeAtHub = (...args: readonly string[]) =>
    ran((terminal) => bundleCommand(['take', ...args], terminal, { DATA_DIR: at('data') }));

  /** As `device add` without its models. */
  async function addPicture(home: string, fill: number): Promise<string> {
    const opened = await openDeviceHome(at(home));
    const bytes = new Uint8Array(2_500_000).fill(fill);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const blob = { sha256, bytes: bytes.length, type: 'image/png' };
    await keepBlob(at(home), opened.sealer, sha256, bytes);
    const entity = String(fill).repeat(64);
    const said = { kind: 'image.added', entity, actor: opened.file.user, body: blob };
    await append(opened.parts, [said], [blob]);
    await opened.close();
    return sha256;
  }

  it('carry records and pictures of devices without a network to the hub, in the wrong order and twice', async () => {
    const pictures = [await addPicture('ward', 1), await addPicture('tent', 2)];
    expect(await on('ward', 'bundle', at('ward.1'))).toMatchObject({ status: 0 });
    expect(await on('ward', 'review', '111111', '--finding', 'effusion=yes')).toMatchObject({ status: 0 });
    expect(await on('ward', 'bundle', at('ward.2'))).toMatchObject({ status: 0 });
    expect(await on('tent', 'take', at('ward.1'))).toMatchObject({
      status: 0,
      out: expect.stringMatching(/: 2 entries and 1 pictures are new here/) as string,
    });
    expect((await on('tent', 'status')).out).toContain('Image     111111111111  not read');
    expect(await on('tent', 'review', '111111', '--finding', 'effusion=no')).toMatchObject({ status: 0 });
    expect(await on('tent', 'bundle', at('tent.1'))).toMatchObject({ status: 0 });

    for (const file of ['tent.1', 'ward.2', 'ward.1', 'tent.1'])
      expect(await takeAtHub(at(file))).toMatchObject({ status: 0 });
    expect(await hub.kinds()).toMatchObject({ 'image.added': 2, 'review.added': 2, 'audit.bundle-taken': 4 });
    for (const sha256 of pictures) {
      const stored = new Uint8Array(await (await hub.asAdmin(`/blobs/${sha256}`)).arrayBuffer());
      expect(createHash('sha256').update(stored).digest('hex')).toBe(sha256);
    }
    expect(await hub.findings()).toEqual([]);

    // What both read without having seen the other is discordant on both, once they meet the hub again.
    hub.online(true);
    for (const home of ['ward', 'tent']) {
      expect(await on(home, 'sync')).toMatchObject({ status: 0 });
      expect((await on(home, 'status')).out).toContain('111111111111  DISCORDANT');
    }
    expect(await hub.kinds()).toMatchObject({ 'image.added': 2, 'review.added': 2 });
  }, 120_000);

  it('bring the hub’s reply back, and the outbox is empty', async () => {
    await addPicture('ward', 3);
    await on('ward', 'bundle', at('stick'));
    expect(await takeAtHub(at('stick'), '--reply', at('reply'))).toMatchObject({ status: 0 });
    expect(await on('ward', 'take', at('reply'))).toMatchObject({
      status: 0,
      out: expect.stringContaining('has 2 more of the entries of this device; still to send: 0') as string,
    });
    expect((await on('ward', 'take', at('reply'))).out).toContain('has 0 more');
    const reply = await readFile(at('reply'), 'utf8');
    await writeFile(at('altered'), reply.replace('"index":', '"index":1'));
    expect(await on('ward', 'take', at('altered'))).toMatchObject({ status: 'log.hub-inconsistent' });
    await writeFile(at('altered'), reply.slice(0, -10));
    expect(await on('ward', 'take', at('altered'))).toMatchObject({ status: 'bundle.not-one' });
  }, 120_000);

  it('take nothing of what is no bundle, was cut short, or was made by a device that was shut out', async () => {
    await addPicture('ward', 4);
    await on('ward', 'bundle', at('stick'));
    expect(await on('ward', 'bundle', at('stick'))).toMatchObject({ status: 'usage.file-problem' });
    expect(await takeAtHub(at('nothing'))).toMatchObject({ status: 'usage.file-problem' });
    await writeFile(at('empty'), '');
    expect(await on('tent', 'take', at('empty'))).toMatchObject({ status: 'bundle.not-one' });
    const bytes = await readFile(at('stick'));
    await writeFile(at('cut'), bytes.subarray(0, -1000));
    expect(await takeAtHub(at('cut'))).toMatchObject({ status: 'bundle.cut-short' });
    expect(await on('tent', 'take', at('cut'))).toMatchObject({ status: 'bundle.cut-short' });
    expect(await hub.kinds()).not.toHaveProperty('image.added');

    const { devices } = hub.records.accounts;
    const { items } = await devices.list(hub.actor, { limit: 10 });
    const ward = await openDeviceHome(at('ward'));
    const { identity } = await ward.parts.store.state();
    await ward.close();
    expect(items.map(({ id }) => id)).toContain(identity.device);
    await devices.revoke(hub.actor, identity.device, undefined);
    expect(await takeAtHub(at('stick'))).toMatchObject({ status: 'bundle.revoked-maker' });
    expect(await on('tent', 'take', at('stick'))).toMatchObject({ status: 0 });
    expect(
      await hasBlob(at('tent'), createHash('sha256').update(new Uint8Array(2_500_000).fill(4)).digest('hex')),
    ).toBe(true);

    // A device learns the key of after that at its next meeting; what it wrote before can still be read at the hub.
    await on('tent', 'bundle', at('before'));
    hub.online(true);
    await on('tent', 'sync');
    hub.online(false);
    await on('tent', 'bundle', at('after'), '--all');
    const keyOf = async (name: string) => /"key":"(\d+)-/.exec(await readFile(at(name), 'latin1'))?.[1];
    expect([await keyOf('before'), await keyOf('after')]).toEqual(['1', '2']);
    expect(await takeAtHub(at('before'))).toMatchObject({ status: 0 });
    expect(await takeAtHub(at('after'))).toMatchObject({ status: 0 });
    expect(await on('ward', 'take', at('after'))).toMatchObject({ status: 'bundle.no-key' });
  }, 120_000);
});
