import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorOf } from '../../server/entry/operator-of.ts';
import { writeReceiptFile } from '../../shared/log/bundle/receipt-file.ts';
import type { RecordsApi, SaidHere } from '../../web/engine/records-api.ts';
import { openTestHub, type TestHub } from './records-hub.ts';
import { testBrowser } from './test-browser.ts';

const ann = { email: 'ann@example.org', password: 'planted seven lungs' };
const ben = { email: 'ben@example.org', password: 'a film on the window' };
const film = 'f'.repeat(64);
const picture = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);
const sha256 = createHash('sha256').update(picture).digest('hex');
const image: SaidHere = {
  kind: 'image.added',
  entity: film,
  body: { sha256, bytes: picture.length, type: 'image/png', fileName: 'film.png' },
};
const review: SaidHere = {
  kind: 'review.added',
  entity: film,
  body: { findings: [], results: [], note: 'seen' },
};

describe('files instead of a network', () => {
  let hub: TestHub;
  let folder: string;
  let ward: RecordsApi;
  let tent: RecordsApi;
  let wards: ReturnType<typeof testBrowser>;
  let tents: ReturnType<typeof testBrowser>;

  beforeEach(async () => {
    hub = await openTestHub();
    folder = await mkdtemp(join(tmpdir(), 'fieldray-stick-'));
    await hub.member(ann.email, ann.password, 'doctor');
    await hub.member(ben.email, ben.password, 'doctor');
    [wards, tents] = [testBrowser(hub), testBrowser(hub)];
    [ward, tent] = [wards.open(), tents.open()];
    for (const [browser, window, who] of [
      [wards, ward, ann],
      [tents, tent, ben],
    ] as const) {
      await window.signIn({ ...who, deviceName: 'a laptop' });
      await settled(window);
      browser.online(false);
    }
  });
  afterEach(async () => {
    await ward.lock();
    await tent.lock();
    await hub.close();
    await rm(folder, { recursive: true });
  });

  const settled = (window: RecordsApi) =>
    expect
      .poll(async () => (await window.status()).sync, { timeout: 10_000 })
      .toMatchObject({ state: 'settled' });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error & { readonly code?: string }) => error.code ?? error.message,
    );
  async function bundleOf(window: RecordsApi, content: 'outbox' | 'all' = 'outbox') {
    const pieces: ArrayBuffer[] = [];
    const made = await window.makeBundle(content, async (piece) => void pieces.push(piece));
    return { file: new Blob(pieces), made };
  }
  async function takeAtHub(file: Blob) {
    const path = join(folder, 'stick');
    await writeFile(path, new Uint8Array(await file.arrayBuffer()));
    const { bundle } = await operatorOf(hub.records).run({ do: 'take-bundle', file: path, receipts: true });
    return bundle!;
  }
  const outbox = async (window: RecordsApi) => (await window.status()).open!.counts.outbox;

  it('are made without the hub, shown at once on another device, and taken by the hub from either', async () => {
    const [added] = await ward.append([image], [{ bytes: picture.slice().buffer, type: 'image/png' }]);
    const { file, made } = await bundleOf(ward);
    expect(made).toEqual({ entries: 2, pictures: 1, broken: [] });
    const shares: number[] = [];
    const taken = await tent.takeBundle(file, (share) => void shares.push(share));
    expect(taken).toMatchObject({
      kind: 'records',
      entries: { fresh: 2, known: 0, orphans: 0, refused: 0 },
      pictures: { fresh: 1, known: 0, refused: 0 },
    });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(await tent.takeBundle(file)).toMatchObject({
      entries: { fresh: 0, known: 2 },
      pictures: { known: 1 },
    });
    expect((await tent.row('images', film))?.personal).toMatchObject({ [added!]: { fileName: 'film.png' } });
    expect(tents.files.get(sha256)).toEqual(picture);
    await tent.append([{ ...review, basedOn: [added!] }]);

    const both = await bundleOf(tent);
    expect(both.made).toEqual({ entries: 4, pictures: 1, broken: [] });
    for (const one of [both.file, file, both.file]) {
      expect(await takeAtHub(one)).toMatchObject({ entries: { orphans: 0, refused: 0 } });
    }
    // One of the exports is this question itself.
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'review.added': 1, 'audit.exported': 3 });
    const stored = await hub.asAdmin(`/blobs/${sha256}`);
    expect(new Uint8Array(await stored.arrayBuffer())).toEqual(picture);
    expect(await hub.findings()).toEqual([]);

    wards.online(true);
    await ward.syncNow();
    await expect.poll(() => outbox(ward)).toBe(0);
    expect(await ward.row('images', film)).toEqual(
      await tent
        .row('images', film)
        .then((row) => expect.objectContaining({ personal: row?.personal }) as unknown),
    );
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'review.added': 1 });
  });

  it('go to the hub by a device that only carries them', async () => {
    await ward.append([image], [{ bytes: picture.slice().buffer, type: 'image/png' }]);
    await tent.takeBundle((await bundleOf(ward)).file);
    tents.online(true);
    await tent.syncNow();
    await settled(tent);
    await expect.poll(() => outbox(tent)).toBe(0);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1 });
    await expect.poll(async () => (await hub.asAdmin(`/blobs/${sha256}`)).status).toBe(200);
  });

  it('come back as a reply that empties the outbox', async () => {
    await ward.append([review]);
    const { clinic, receipts } = await takeAtHub((await bundleOf(ward)).file);
    const reply = new Blob([writeReceiptFile(clinic, receipts)]);
    expect(await ward.takeBundle(reply)).toEqual({ kind: 'reply', delivered: 2 });
    expect(await outbox(ward)).toBe(0);
    const foreign = new Blob([writeReceiptFile('00000000-0000-4000-8000-000000000002', receipts)]);
    expect(await codeOf(ward.takeBundle(foreign))).toBe('bundle.other-clinic');
  });

  it('are refused with a reason', async () => {
    const { file } = await bundleOf(ward);
    expect(await codeOf(tent.takeBundle(new Blob(['a letter'])))).toBe('bundle.not-one');
    expect(await codeOf(tent.takeBundle(new Blob([])))).toBe('bundle.not-one');
    expect(await codeOf(tent.takeBundle(file.slice(0, file.size - 1)))).toBe('bundle.cut-short');
    const full = ward.makeBundle('all', async () => Promise.reject(new Error('the stick is full')));
    expect(await codeOf(full)).toBe('the stick is full');
    await tent.lock();
    expect(await codeOf(tent.takeBundle(file))).toBe('vault.locked');
    expect(await codeOf(bundleOf(tent))).toBe('vault.locked');
  });

  it('have another key once a device was shut out, from the next meeting with the hub on', async () => {
    const before = await bundleOf(tent);
    const { devices } = hub.records.accounts;
    const { device } = (await ward.status()).open!;
    await devices.revoke(hub.actor, device, 'lost');
    tents.online(true);
    await tent.lock();
    await tent.unlock(ben);
    await settled(tent);
    await expect
      .poll(async () => /"key":"2-/.test(await (await bundleOf(tent)).file.slice(0, 200).text()))
      .toBe(true);
    // The lost one reads what was written under the key that it has, and nothing that comes after.
    const after = await bundleOf(tent);
    expect(await codeOf(ward.takeBundle(before.file))).toBe('done');
    expect(await codeOf(ward.takeBundle(after.file))).toBe('bundle.no-key');
    expect(await takeAtHub(before.file)).toMatchObject({ entries: { refused: 0 } });
    expect(await takeAtHub(after.file)).toMatchObject({ entries: { refused: 0 } });
  });
});

it('a device that was enrolled before there were keys says so, and gets one at its next sign-in', async () => {
  const hub = await openTestHub();
  await hub.member(ann.email, ann.password, 'doctor');
  let isOld = true;
  const browser = testBrowser(hub, async (url, answer) => {
    if (!isOld) return answer;
    if (url.endsWith('/bundle-key')) return new Response('{}', { status: 404 });
    if (!url.endsWith('/devices')) return answer;
    const { bundleKey, ...rest } = (await answer.json()) as { bundleKey?: unknown };
    expect(bundleKey).toBeDefined();
    return Response.json(rest, { status: answer.status });
  });
  const window = browser.open();
  const make = () => window.makeBundle('outbox', async () => undefined);
  await window.signIn({ ...ann, deviceName: 'a laptop' });
  await expect(make()).rejects.toMatchObject({ code: 'bundle.no-key' });
  isOld = false;
  await window.signIn({ ...ann, deviceName: 'a laptop' });
  expect(await make()).toMatchObject({ broken: [] });
  await window.lock();
  await hub.close();
});
