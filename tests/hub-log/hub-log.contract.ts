import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64Url, fromHex, toHex } from '../../shared/kernel/bytes.ts';
import { canonicalJson } from '../../shared/kernel/canonical-json.ts';
import { isExtension } from '../../shared/log/check-proof.ts';
import { type Checkpoint, checkpointMessage, receiptMessage } from '../../shared/log/checkpoint.ts';
import { entryHash, isSoundHead } from '../../shared/log/entry.ts';
import { PullAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../shared/log/merkle.ts';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { type Hub, hubUnderTest, type OpenDatabase } from './hub-under-test.ts';
import { type LogDevice, logDevice, pushOf, type Written } from './log-device.ts';
import { admin, clinic, doctor, enrolled, pullAll, startOfTests } from './open-hub-log.ts';

const plain = (sql: string) => ({ sql, args: [] });

/** What the hub's side of the log does on every database. */
export function hubLogContract(name: string, open: OpenDatabase): void {
  describe(`the hub's log ${name}`, () => {
    const { another, headOnly, push, ...under } = hubUnderTest(open);
    let database: Database;
    let hub: Hub;
    let device: LogDevice;
    let member: Member;
    beforeAll(() => {
      ({ database, hub, device, member } = under.opened());
    });

    it('stores a push, says where, and signs that it did', async () => {
      const written = [device.write(), device.write(), device.write({ body: null })];
      const answer = await push(device, written);
      expect(answer).toMatchObject({
        stored: written.map(({ h }) => h),
        missingParents: [],
        rejected: [],
        forks: [],
      });
      const { sig, ...receipt } = answer.receipt!;
      const key = fromBase64Url(hub.hubLog.rootKey());
      expect(await nodeCrypto.verify(key, fromBase64Url(sig), receiptMessage(receipt))).toBe(true);
      const { checkpoint, placements } = receipt;
      expect(await nodeCrypto.verify(key, fromBase64Url(checkpoint.sig), checkpointMessage(checkpoint))).toBe(
        true,
      );
      expect(placements.map(({ h }) => h)).toEqual(answer.stored);
      expect(placements[0]!.effTs).toBe(written[0]!.entry.ts[0]);
      expect(placements[0]!.recvAt).toBe(startOfTests);
    });

    it('stores the same push once and gives a receipt again', async () => {
      const own = await another();
      const written = [own.write(), own.write()];
      const first = await push(own, written);
      const again = await push(own, written);
      expect(again.stored).toEqual(first.stored);
      expect(again.receipt!.placements).toEqual(first.receipt!.placements);
    });

    it('gives out everything in one order, with what proves it', async () => {
      const { answers, last } = await pullAll(hub.hubLog, member, 3);
      const pulled = answers.flatMap(({ entries }) => entries);
      expect(pulled.map(({ place }) => place.index)).toEqual(pulled.map((_, index) => index));
      const seen = new Set<string>();
      for (const { entry, place } of pulled) {
        expect(entryHash(entry, nodeCrypto)).toBe(place.h);
        if (entry.prev !== null) expect(seen.has(entry.prev)).toBe(true);
        seen.add(place.h);
      }
      const leaves = pulled.map(({ place }) => leafHash(place, nodeCrypto));
      const { frontier } = appendLeaves(emptyFrontier, leaves, nodeCrypto);
      expect(toHex(rootOf(frontier, nodeCrypto))).toBe(last.checkpoint.root);
      expect(last.checkpoint.size).toBe(pulled.length);
      const byName = new Map(pulled.map(({ entry, place }) => [place.h, entry]));
      for (const { entries, heads } of answers.map((answer) => PullAnswer.parse(answer))) {
        for (const head of heads) expect(await isSoundHead(head, nodeCrypto)).toBe(true);
        const covered = new Set<string>();
        for (const { h } of heads) {
          for (let at: string | null = h; at !== null; at = byName.get(at)!.prev) covered.add(at);
        }
        expect(entries.filter(({ place }) => !covered.has(place.h))).toEqual([]);
      }
    });

    it('proves that its tree extends the one that a client verified', async () => {
      const own = await another();
      const { checkpoint: before } = await headOnly(null);
      await push(own, [own.write(), own.write(), own.write()]);
      const { checkpoint, proof } = await hub.hubLog.pull(member, {
        protocol: syncProtocol,
        epoch: before.epoch,
        cursor: before.size,
        limit: 1,
        bodies: true,
        verified: before,
      });
      const tree = ({ size, root }: Checkpoint) => ({ size, root: fromHex(root) });
      expect(checkpoint.size).toBe(before.size + 3);
      expect(isExtension(tree(before), tree(checkpoint), proof.map(fromHex), nodeCrypto)).toBe(true);
    });

    it('takes what it can of a push and says of each of the rest why not', async () => {
      const own = await another();
      const [a, b] = [own.write(), own.write()];
      const stranger = logDevice(clinic, doctor, 99);
      const forged = stranger.write();
      const foreign = logDevice('00000000-0000-4000-8000-000000000002', doctor, 98).write();
      const orphanOf = logDevice(clinic, doctor, 97);
      const missing = orphanOf.write();
      const orphan = orphanOf.write();
      const unsigned = logDevice(clinic, doctor, 96).write();
      const badBody = logDevice(clinic, doctor, 95);
      const bad = badBody.write();
      const skipping = logDevice(clinic, doctor, 94, { n: 4, prev: a.h }).write();
      const forgedHead = { ...(await own.head(forged)), device: stranger.id, key: stranger.key };
      const request = await pushOf(own, [a, b], {
        entries: [orphan, forged, foreign, unsigned, bad, skipping, b, a].map(({ entry }) => entry),
        heads: [await own.head(b), forgedHead, await orphanOf.head(orphan), await badBody.head(bad)],
        bodies: [a, b].map(({ body }) => body!).concat({ ...bad.body!, text: '"another"' }),
      });
      const answer = await hub.hubLog.push(member, request);
      expect(answer.stored.toSorted()).toEqual([a.h, b.h].toSorted());
      expect(answer.missingParents).toEqual([missing.h]);
      const codes = Object.fromEntries(answer.rejected.map(({ h, code }) => [h, code]));
      expect(codes).toEqual({
        [forged.h]: 'log.bad-signature',
        [foreign.h]: 'sync.other-clinic',
        [unsigned.h]: 'log.unsigned',
        [bad.h]: 'log.bad-body',
        [skipping.h]: 'log.bad-entry',
      });
    });

    it('stores nothing behind the last head that a device signed', async () => {
      const own = await another();
      const [a, b, c] = [own.write(), own.write(), own.write()];
      const answer = await push(own, [a, b, c], { heads: [await own.head(b)] });
      expect(answer.stored).toEqual([a.h, b.h]);
      expect(answer.rejected).toEqual([{ h: c.h, code: 'log.unsigned' }]);
    });

    it.each([
      ['alone', false],
      ['with its parent', true],
    ])(
      'keeps both children of one parent, the second sent %s, and tells of it once',
      async (_, withParent) => {
        const own = await another();
        const first = own.write();
        await push(own, [first]);
        const copy = own.copy();
        const [left, right] = [own.write(), copy.write({ entity: 'other' })];
        expect((await push(own, [left])).forks).toEqual([]);
        const { forks } = await push(copy, withParent ? [first, right] : [right]);
        expect(forks).toEqual([{ device: own.id, n: 2, hs: [left.h, right.h].toSorted() }]);
        await push(copy, [right]);
        expect((await hub.hubLog.deviceOf(clinic, own.id))?.forks).toEqual(
          forks.map(({ n, hs }) => ({ n, hs })),
        );
        const { answers } = await pullAll(hub.hubLog, { ...member, userId: admin, role: 'admin' });
        const told = answers
          .flatMap(({ entries }) => entries)
          .filter(({ entry }) => entry.kind === 'device.forked');
        expect(told.filter(({ entry }) => entry.entity === own.id).length).toBe(1);
      },
    );

    it('fixes the time of an entry that is ahead, and tells administrators of the clock', async () => {
      const own = await another();
      const ahead = own.write({ ts: [startOfTests + 3_600_000, 0] });
      const { receipt } = await push(own, [ahead, own.write({ ts: [startOfTests + 3_600_001, 0] })]);
      expect(receipt!.placements[0]!.effTs).toBe(startOfTests + 300_000);
      const asAdmin = await pullAll(hub.hubLog, { ...member, userId: admin, role: 'admin' });
      const told = asAdmin.answers
        .flatMap(({ entries }) => entries)
        .filter(({ entry }) => entry.kind === 'audit.clock-skew' && entry.entity === own.id);
      expect(told.length).toBe(1);
      const { bodyHash } = told[0]!.entry;
      const bodiesOf = ({ answers }: typeof asAdmin) => answers.flatMap(({ bodies }) => bodies);
      expect(bodiesOf(asAdmin).map((body) => body.bodyHash)).toContain(bodyHash);
      const asDoctor = bodiesOf(await pullAll(hub.hubLog, member));
      expect(asDoctor.map((body) => body.bodyHash)).not.toContain(bodyHash);
    });

    it('keeps an entry whose author had no right, and does not count it', async () => {
      const stranger = logDevice(clinic, doctor, 80);
      const written = stranger.write({ entity: 'colour' });
      expect((await push(stranger, [written])).stored).toEqual([written.h]);
      const [row] = await database.read(
        plain(`SELECT clear FROM folded_quarantine WHERE key = '${written.h}'`),
      );
      expect(JSON.parse(String(row!['clear']))).toMatchObject({ reason: 'unknown-device' });
      await hub.hubLog.append(clinic, [
        { kind: 'entry.released', entity: written.h, actor: admin, body: { reason: 'seen' } },
      ]);
      const [released] = await database.read(
        plain(`SELECT clear FROM folded_preferences WHERE key = '${doctor}/colour'`),
      );
      expect(String(released!['clear'])).toContain(written.h);
    });

    it('takes a body that comes later than its entry', async () => {
      const own = await another();
      const written = own.write({ body: { value: 'late' } });
      await push(own, [written], { bodies: [] });
      const pulled = async () => {
        const { answers } = await pullAll(hub.hubLog, member);
        return {
          bodies: answers.flatMap((answer) => answer.bodies),
          lacking: answers.flatMap((answer) => answer.lacking ?? []),
        };
      };
      const before = await pulled();
      expect(before.bodies).not.toContainEqual(written.body);
      expect(before.lacking).toContain(written.h);
      expect((await push(own, [written])).stored).toEqual([written.h]);
      const after = await pulled();
      expect(after.bodies).toContainEqual(written.body);
      expect(after.lacking).not.toContain(written.h);
    });

    it('erases a body and never takes it again', async () => {
      const own = await another();
      const written = own.write({ body: { value: 'secret' } });
      const twin: Written = { ...own.write({ body: null }) };
      await push(own, [written, twin]);
      await hub.hubLog.append(clinic, [
        {
          kind: 'body.erased',
          entity: written.body!.bodyHash,
          actor: admin,
          basedOn: [written.h],
          body: { reason: 'asked for' },
        },
      ]);
      await push(own, [written, twin]);
      const { answers } = await pullAll(hub.hubLog, member);
      expect(answers.flatMap(({ entries }) => entries).map(({ place }) => place.h)).toContain(written.h);
      expect(answers.flatMap(({ bodies }) => bodies)).not.toContainEqual(written.body);
      const [row] = await database.read(
        plain(
          `SELECT count(*) AS count FROM bodies b JOIN entries e ON e.place = b.place WHERE e.h = x'${written.h}'`,
        ),
      );
      expect(row).toEqual({ count: 0 });
    });

    it('refuses sessions without a device, unknown devices, revoked ones and old clients', async () => {
      const own = await another();
      const request = await pushOf(own, [own.write()]);
      const refused = (changes: Partial<Member>) =>
        hub.hubLog.push({ ...member, ...changes }, request).then(
          () => 'taken',
          (error: unknown) => (error as { code: string }).code,
        );
      const { device: _, ...without } = member;
      await expect(hub.hubLog.push(without, request)).rejects.toMatchObject({ code: 'sync.unknown-device' });
      expect(await refused({ device: 'f'.repeat(32) })).toBe('sync.unknown-device');
      await hub.hubLog.append(clinic, [
        { kind: 'device.revoked', entity: own.id, actor: admin, body: { reason: 'lost' } },
      ]);
      expect(await refused({ device: own.id })).toBe('sync.revoked-device');
      await expect(hub.hubLog.push(member, { ...request, protocol: 0 })).rejects.toMatchObject({
        code: 'sync.client-too-old',
      });
    });

    it('knows the roles in force', async () => {
      expect(await hub.hubLog.roleOf(clinic, doctor)).toBe('doctor');
      await hub.hubLog.append(clinic, [{ kind: 'user.disabled', entity: admin, actor: 'hub', body: {} }]);
      expect(await hub.hubLog.roleOf(clinic, admin)).toBeUndefined();
      expect(await hub.hubLog.roleOf('00000000-0000-4000-8000-00000000ffff', doctor)).toBeUndefined();
      await hub.hubLog.append(clinic, [
        { kind: 'user.approved', entity: admin, actor: 'hub', body: { role: 'admin' } },
      ]);
    });

    it('writes a fact and the row beside it together, or neither', async () => {
      const fact = { kind: 'audit.tested', entity: 'together', actor: 'hub', body: null };
      const count = async () =>
        (await database.read(plain(`SELECT count(*) AS count FROM entries WHERE entity = 'together'`)))[0];
      await hub.hubLog.append(clinic, [fact], [plain(`INSERT INTO meta VALUES ('together', x'00')`)]);
      expect(await count()).toEqual({ count: 1 });
      const own = await another();
      const outcomes = await Promise.allSettled([
        hub.hubLog.append(clinic, [fact], [plain(`INSERT INTO meta VALUES ('together', x'01')`)]),
        hub.hubLog.push(member, await pushOf(own, [own.write()])),
        hub.hubLog.append(clinic, [fact], [plain(`INSERT INTO meta VALUES ('other', x'01')`)]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(await count()).toEqual({ count: 2 });
    });

    it('refuses facts that do not fit their kind', async () => {
      const wrong = [
        { kind: 'user.approved', entity: doctor, actor: 'hub', body: { role: 'owner' } },
        { kind: 'user.approved', entity: doctor, actor: 'hub', body: null },
        { kind: 'no.such-kind', entity: doctor, actor: 'hub', body: {} },
      ];
      for (const fact of wrong) await expect(hub.hubLog.append(clinic, [fact])).rejects.toThrow(TypeError);
    });

    it('keeps clinics apart', async () => {
      const other = '00000000-0000-4000-8000-000000000003';
      const { member: there, device: theirs } = await enrolled(hub.hubLog, 60, other);
      const written = theirs.write();
      await hub.hubLog.push(there, await pushOf(theirs, [written]));
      const here = (await pullAll(hub.hubLog, member)).answers.flatMap(({ entries }) => entries);
      expect(here.filter(({ entry }) => entry.clinic !== clinic)).toEqual([]);
      await expect(hub.hubLog.pull({ ...there, clinic }, await pullRequest())).rejects.toMatchObject({
        code: 'sync.unknown-device',
      });
      expect((await pullAll(hub.hubLog, there)).last.checkpoint.size).toBe(6);
    });
    const pullRequest = async () => ({
      protocol: syncProtocol,
      epoch: null,
      cursor: 0,
      limit: 1,
      bodies: true,
      verified: null,
    });

    it('counts sync in one entry for each device and hour', async () => {
      hub.clock.now += 3_600_000;
      await pullAll(hub.hubLog, member);
      await pullAll(hub.hubLog, member);
      const { answers } = await pullAll(hub.hubLog, { ...member, userId: admin, role: 'admin' });
      const told = answers
        .flatMap(({ entries }) => entries)
        .filter(({ entry }) => entry.kind === 'audit.synced' && entry.actor === doctor);
      expect(told.length).toBe(1);
      const body = answers
        .flatMap(({ bodies }) => bodies)
        .find(({ bodyHash }) => bodyHash === told[0]!.entry.bodyHash);
      expect(JSON.parse(body!.text)).toMatchObject({ counts: { pushes: expect.any(Number) } });
      expect(canonicalJson(JSON.parse(body!.text))).toBe(body!.text);
    });
  });
}
