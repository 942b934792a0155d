import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBundleCipher } from '../../server/keys/bundle-cipher.ts';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { concatBytes, toBase64Url, utf8 } from '../../shared/kernel/bytes.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import { keyName } from '../../shared/log/bundle/bundle-key.ts';
import {
  type BundleGroup,
  bundleMessage,
  digestWith,
  encodeRecord,
  recordTypes,
} from '../../shared/log/bundle/bundle-records.ts';
import { cipherOf, writePrelude } from '../../shared/log/bundle/prelude.ts';
import { readBundle } from '../../shared/log/bundle/read-bundle.ts';
import { takeReceiptFile, writeReceiptFile } from '../../shared/log/bundle/receipt-file.ts';
import { sealChunks } from '../../shared/log/bundle/sealed-chunks.ts';
import { film, rowsText } from '../fixtures/test-device.ts';
import { clinic } from '../hub-log/open-hub-log.ts';
import { bundleWorld, fileOf, readParts, testKey, type WorldDevice, worldDevice } from './bundle-world.ts';

/** What a device of the clinic could write that does not keep to the rules: sealed and signed as it should be. */
async function bundleBy(
  { device, parts }: WorldDevice,
  groups: readonly unknown[],
  changes: object = {},
  signer = parts.signer,
) {
  const salt = toBase64Url(new Uint8Array(32).fill(9));
  const { line, ...begun } = writePrelude(
    { format: 1, clinic, key: keyName(testKey, nodeCrypto), salt },
    nodeCrypto,
  );
  const cipher = await cipherOf(begun, testKey.secret, openBundleCipher);
  const key = toBase64Url(parts.signer.publicKey);
  const header = { clinic, device, key, madeAt: 1, content: 'outbox', witness: null };
  let { digest } = begun;
  const written: Uint8Array[] = [];
  const put = (type: number, value: unknown): void => {
    const content = utf8(canonicalJson(value as Json));
    digest = digestWith(digest, { type, content }, nodeCrypto);
    written.push(encodeRecord(type, content));
  };
  put(recordTypes.header, header);
  for (const group of groups) put(recordTypes.group, group);
  const entries = groups.reduce<number>((sum, group) => sum + (group as BundleGroup).entries.length, 0);
  const counts = { entries, pictures: 0, ...changes };
  const sig = toBase64Url(await signer.sign(bundleMessage({ clinic, device }, digest, counts)));
  written.push(encodeRecord(recordTypes.end, utf8(canonicalJson({ ...counts, sig }))));
  const sealed: Uint8Array[] = [line];
  for await (const piece of sealChunks(fileOf(concatBytes(...written))(), cipher)) sealed.push(piece);
  return concatBytes(...sealed);
}

async function groupsOf(bytes: Uint8Array): Promise<BundleGroup[]> {
  const groups: BundleGroup[] = [];
  for await (const part of readBundle(fileOf(bytes), readParts()))
    if (part.kind === 'group') groups.push(part.group);
  return groups;
}

describe('a bundle that is taken', () => {
  let world: Awaited<ReturnType<typeof bundleWorld>>;
  let ward: WorldDevice;
  let tent: WorldDevice;
  beforeEach(async () => {
    world = await bundleWorld(['ward', 'tent']);
    [ward, tent] = world.devices as [WorldDevice, WorldDevice];
  });
  afterEach(() => world.close());

  it('changes nothing at the device that made it', async () => {
    await ward.addPicture(new Uint8Array(9), film);
    await ward.review();
    const before = [await ward.store.state(), await ward.store.counts(), await rowsText(ward.store)];
    for (const content of ['outbox', 'all'] as const) {
      const { entries, pictures } = await ward.take((await ward.bundle(content)).bytes);
      expect([entries, pictures]).toEqual([
        { fresh: 0, known: 2, orphans: 0, refused: 0 },
        { fresh: 0, known: 1, refused: 0 },
      ]);
    }
    expect([await ward.store.state(), await ward.store.counts(), await rowsText(ward.store)]).toEqual(before);
  });

  it('overlaps with another one, and each entry is there once', async () => {
    await ward.say({});
    const first = await ward.bundle();
    await ward.review();
    const second = await ward.bundle();
    expect((await tent.take(second.bytes)).entries).toMatchObject({ fresh: 2, known: 0 });
    expect((await tent.take(first.bytes)).entries).toMatchObject({ fresh: 0, known: 1 });
    const before = await world.size();
    for (const { bytes } of [second, first, second]) await world.take(bytes);
    // The two, the hub's own chain was there, and a word on each taking.
    expect((await world.size()) - before).toBe(2 + 3);
    expect(await world.findings()).toEqual([]);
  });

  it('waits outside where what it stands on is not here, and fits after the next meeting with the hub', async () => {
    await ward.say({});
    const { receipts } = await world.take((await ward.bundle()).bytes);
    await takeReceiptFile(writeReceiptFile(clinic, receipts), ward.store, nodeCrypto);
    await ward.review();
    const { bytes, made } = await ward.bundle();
    expect(made.entries).toBe(1);
    expect((await tent.take(bytes)).entries).toEqual({ fresh: 0, known: 0, orphans: 1, refused: 0 });
    await world.sync(tent);
    expect((await tent.take(bytes)).entries).toEqual({ fresh: 1, known: 0, orphans: 0, refused: 0 });
    await world.sync(tent);
    await world.sync(ward);
    expect(await rowsText(ward.store)).toBe(await rowsText(tent.store));
  });

  it('that holds everything is not sent again by whoever takes it, and helps a hub that was restored', async () => {
    await ward.say({});
    await world.sync(ward);
    const restore = await world.backup();
    await ward.addPicture(new Uint8Array(100).fill(1), 'a'.repeat(64));
    await ward.review();
    await world.sync(ward);
    const ship = worldDevice('tent', (await ward.store.state()).identity.rootKey);
    await world.sync(tent);
    const all = (await ward.bundle('all')).bytes;
    expect((await tent.take(all)).entries).toMatchObject({ fresh: 0, refused: 0, orphans: 0 });
    expect(await tent.store.counts()).toMatchObject({ outbox: 0 });
    // Nor by one that has only the beginning of the hub's order.
    const early = worldDevice('tent', (await ward.store.state()).identity.rootKey);
    await early.store.startEpoch((await ward.store.state()).epoch!, { epoch: null });
    await early.take(all);
    expect(await early.store.counts()).toMatchObject({ outbox: 0, waiting: await world.size() });
    await world.sync(early);
    expect(await early.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
    // A device that has no order yet sends what it got, and the hub knows it.
    expect((await ship.take(all)).entries).toMatchObject({ refused: 0, orphans: 0 });
    const before = await world.size();
    expect(await world.sync(ship)).toMatchObject({ isSettled: true, setAside: 0 });
    expect(await world.size()).toBe(before);

    await restore();
    expect(await world.size()).toBeLessThan(before);
    const taken = await world.take(all);
    expect(taken.entries).toMatchObject({ orphans: 0, refused: 0 });
    expect(await world.picture(taken.pictures.fresh === 1 ? [...ward.files.keys()][0]! : '')).toEqual(
      new Uint8Array(100).fill(1),
    );
    for (const device of [ward, tent, ward]) await world.sync(device);
    expect(await rowsText(tent.store)).toBe(await rowsText(ward.store));
    expect(await world.findings()).toEqual([]);
  });

  it('carries both sides of a fork', async () => {
    await ward.say({});
    const copy = worldDevice('ward', (await ward.store.state()).identity.rootKey);
    await copy.take((await ward.bundle()).bytes);
    const [one] = await ward.review([], 'one side');
    const [other] = await copy.review([], 'the other side');
    expect([one!.entry.n, other!.entry.n]).toEqual([2, 2]);
    for (const { bytes } of [await ward.bundle(), await copy.bundle()]) await tent.take(bytes);
    const { bytes, made } = await tent.bundle();
    expect(made.entries).toBe(3);
    expect(await world.take(bytes)).toMatchObject({ entries: { stored: 3, orphans: 0, refused: 0 } });
    expect((await copy.take(bytes)).entries).toMatchObject({ fresh: 1, known: 2 });
    expect((await copy.store.state()).broken).toMatchObject({ why: 'forked', n: 2 });
    expect(await world.findings()).toEqual([]);
  });

  it('goes on with a picture where the network was, and with the next one where the hub has it', async () => {
    const picture = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 256);
    const { sha256 } = await ward.addPicture(picture, film);
    const begun = await world.blobs.begin(clinic, { sha256, size: picture.length, type: 'image/png' });
    const upload = begun.kind === 'upload' ? begun.id : '';
    await world.blobs.append(clinic, upload, 0, picture.subarray(0, 1_048_000));
    const { bytes } = await ward.bundle();
    expect((await world.take(bytes)).pictures).toEqual({ fresh: 1, known: 0, refused: 0, later: 0 });
    expect(await world.picture(sha256)).toEqual(picture);
    expect((await world.take(bytes)).pictures).toEqual({ fresh: 0, known: 1, refused: 0, later: 0 });
  });

  it('is refused at the hub when it was made by nobody whom it knows, or by a device that was shut out', async () => {
    const stranger = worldDevice('stranger', (await ward.store.state()).identity.rootKey);
    await stranger.say({});
    const before = await world.size();
    await expect(world.take((await stranger.bundle()).bytes)).rejects.toMatchObject({
      code: 'bundle.unknown-maker',
    });
    await world.append({ kind: 'device.revoked', entity: ward.device, actor: 'hub', body: {} });
    await ward.say({});
    const { bytes } = await ward.bundle();
    await expect(world.take(bytes)).rejects.toMatchObject({ code: 'bundle.revoked-maker' });
    expect(await world.size()).toBe(before + 1);
    expect((await tent.take(bytes)).entries).toMatchObject({ fresh: 1 });
    await world.sync(tent);
    await expect(tent.take(bytes)).rejects.toMatchObject({ code: 'bundle.revoked-maker' });
    // Its entries are at the hub, and count for nothing.
    expect((await tent.store.rows('quarantine', { limit: 10 })).length).toBe(1);
  });

  it('takes nobody’s word but the author’s, whoever carries it', async () => {
    await ward.say({});
    await ward.review([], 'as it was said');
    await ward.say({ entity: 'e'.repeat(64) });
    const [group] = await groupsOf((await ward.bundle()).bytes);
    const { entries, heads, bodies } = group!;
    const other = structuredClone(entries);
    other[1]!.entry.entity = 'd'.repeat(64);
    const text = canonicalJson({ findings: [], results: [], note: 'another note' });
    const otherBodies = bodies.map((body, at) => (at === 1 ? { ...body, text } : body));
    const forged = heads.map((head) => ({ ...head, sig: toBase64Url(new Uint8Array(64)) }));
    const foreign = structuredClone(entries);
    for (const { entry } of foreign) entry.clinic = '00000000-0000-4000-8000-000000000002';
    const taken = async (changed: Partial<BundleGroup>) =>
      (await worldDevice('tent').take(await bundleBy(tent, [{ ...group!, ...changed }]))).entries;
    expect(await taken({})).toEqual({ fresh: 3, known: 0, orphans: 0, refused: 0 });
    // What comes before the altered one is still under a head of its own.
    expect(await taken({ entries: other })).toEqual({ fresh: 1, known: 0, orphans: 1, refused: 1 });
    expect(await taken({ heads: forged })).toEqual({ fresh: 0, known: 0, orphans: 0, refused: 3 });
    expect(await taken({ entries: foreign })).toEqual({ fresh: 0, known: 0, orphans: 0, refused: 3 });
    const lacking = worldDevice('tent');
    await lacking.take(await bundleBy(tent, [{ ...group!, bodies: otherBodies }]));
    const row = await lacking.store.row('images', film);
    expect(JSON.stringify(row?.personal)).not.toContain('another note');
    expect((await lacking.store.counts()).entries).toBe(3);
    const atHub = await world.take(await bundleBy(tent, [{ ...group!, entries: other }]));
    expect(atHub.entries).toMatchObject({ stored: 1 });
    expect(atHub.entries.refused + atHub.entries.orphans).toBe(2);
    expect(await world.findings()).toEqual([]);
  });

  it('is not from the device whose key it shows, unless that signed it', async () => {
    await ward.say({});
    const [group] = await groupsOf((await ward.bundle()).bytes);
    const posing = await bundleBy(ward, [group], {}, tent.parts.signer);
    await expect(tent.take(posing)).rejects.toMatchObject({ code: 'bundle.altered' });
    expect((await tent.take(await bundleBy(ward, [group]))).entries).toMatchObject({ fresh: 1 });
  });

  it('is no bundle when its parts are not in their order, or not as many as it says', async () => {
    await ward.say({});
    const [group] = await groupsOf((await ward.bundle()).bytes);
    await expect(tent.take(await bundleBy(ward, [group], { entries: 2 }))).rejects.toMatchObject({
      code: 'bundle.altered',
    });
    await expect(tent.take(await bundleBy(ward, [{ ...group!, more: 1 }]))).rejects.toMatchObject({
      code: 'bundle.altered',
    });
  });
});
