import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryHash } from '../../shared/log/entry.ts';
import type { PushRequest } from '../../shared/log/exchange.ts';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { createGroupFacts } from '../../server/store/log/group-facts.ts';
import { newHubChain } from '../../server/store/log/hub-chain.ts';
import { type JustWritten, nothingWritten } from '../../server/store/log/just-written.ts';
import { preparePush } from '../../server/store/log/prepare-push.ts';
import { readGroup } from '../../server/store/log/read-group.ts';
import { loadFrontier, readTree } from '../../server/store/log/tree-state.ts';
import { openFile } from '../../server/store/open-file.ts';
import { type HeldDatabase, heldDatabase } from './held-database.ts';
import { pushOf } from './log-device.ts';
import { clinic, enrolled, openHubLog, startOfTests } from './open-hub-log.ts';

type Hub = Awaited<ReturnType<typeof openHubLog>>;

const audit = (entity: string) => ({ kind: 'audit.tested', entity, actor: 'hub', body: null });
const film = 'a'.repeat(64);
const body = { findings: [], results: [], note: 'a note' };

describe.each([
  ['alone', false],
  ['beside others', true],
])('what meets in one group of a hub that writes %s', (_, isShared) => {
  let folder: string;
  let file: Database;
  let held: HeldDatabase;
  let hub: Hub;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-group-'));
    file = await openFile(join(folder, 'hub.db'));
    held = heldDatabase(file, isShared);
    hub = await openHubLog(held.database);
  });
  afterEach(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });

  const count = async (sql: string, ...args: string[]): Promise<number> =>
    Number((await file.read({ sql: `SELECT count(*) AS many FROM ${sql}`, args }))[0]!['many']);

  /** While one group is being stored, what `work` asks for waits. */
  async function together(work: () => readonly Promise<unknown>[]): Promise<void> {
    held.hold();
    const before = hub.hubLog.append(clinic, [audit('before')]);
    await pause(30);
    const asked = work();
    await pause(30);
    held.letGo();
    await Promise.all([before, ...asked]);
  }

  it('is folded with the body that comes in the same group', async () => {
    const { device, member } = await enrolled(hub.hubLog);
    const review = device.write({ kind: 'review.added', entity: film, body });
    const fact = (kind: string) => ({ kind, entity: review.h, actor: 'hub', body: { reason: 'a test' } });
    await hub.hubLog.push(member, await pushOf(device, [review], { bodies: [] }));
    await hub.hubLog.append(clinic, [fact('entry.quarantined')]);
    const push = await pushOf(device, [review]);
    await together(() => [
      hub.hubLog.push(member, push),
      hub.hubLog.append(clinic, [fact('entry.released')]),
    ]);
    const rows = () => file.read({ sql: 'SELECT key, clear FROM folded_images', args: [] });
    const stored = await rows();
    expect(JSON.stringify(stored)).toContain('present');
    await hub.hubLog.rebuildTables(clinic);
    expect(await rows()).toEqual(stored);
  });

  it('is not taken behind the erasure of its body', async () => {
    const { device, member } = await enrolled(hub.hubLog);
    const review = device.write({ kind: 'review.added', entity: film, body });
    const { bodyHash } = review.body!;
    const entry = { ...device.write({ kind: 'review.added', entity: film, body: null }).entry, bodyHash };
    const again = { entry, h: entryHash(entry, nodeCrypto), body: review.body };
    await hub.hubLog.push(member, await pushOf(device, [review]));
    const erasure = { kind: 'body.erased', entity: bodyHash, actor: 'hub', body: { reason: 'a test' } };
    const push = await pushOf(device, [again]);
    await together(() => [
      hub.hubLog.append(clinic, [{ ...erasure, basedOn: [review.h] }]),
      hub.hubLog.push(member, push),
    ]);
    expect(await count('entries WHERE body_hash = unhex(?)', bodyHash)).toBe(2);
    expect(
      await count('bodies b JOIN entries e ON e.place = b.place WHERE e.body_hash = unhex(?)', bodyHash),
    ).toBe(0);
  });

  it('is written once when nobody can say whether it was, and then said to have failed', async () => {
    await hub.hubLog.append(clinic, [audit('before')]);
    held.loseReply();
    const said = await Promise.all(
      ['once', 'once'].map((entity) =>
        hub.hubLog.append(clinic, [audit(entity)]).then(
          () => 'stored',
          (error: { code?: string }) => error.code,
        ),
      ),
    );
    expect(said).toEqual(['storage.uncertain', 'storage.uncertain']);
    expect(await count("entries WHERE entity = 'once'")).toBe(2);
    await hub.hubLog.append(clinic, [audit('after')]);
    expect(await count("entries WHERE entity = 'after'")).toBe(1);
  });

  it('tells of a wrong clock although its first commit failed', async () => {
    const { device, member } = await enrolled(hub.hubLog);
    const ahead = await pushOf(device, [device.write({ ts: [startOfTests + 3_600_000, 0] })]);
    held.failCommit();
    // Beside others a hub does not know what a broken disk has done, and the device sends it again.
    const { stored } = await hub.hubLog.push(member, ahead).catch(() => hub.hubLog.push(member, ahead));
    expect(stored).toHaveLength(1);
    expect(await count("entries WHERE kind = 'audit.clock-skew'")).toBe(1);
  });
});

describe('a group on one that is being stored', () => {
  it('finds there what the database does not show yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fieldray-ahead-'));
    const file = await openFile(join(folder, 'hub.db'));
    const { hubLog, parts } = await openHubLog(file);
    const { device } = await enrolled(hubLog);
    const [parent, child] = [device.write(), device.write()];
    const state = await loadFrontier(file, (await readTree(file, clinic))!, nodeCrypto);
    const push = await preparePush(await pushOf(device, [child]), new Set(), nodeCrypto);
    const missing = async (written: JustWritten) => {
      const base = { state, chain: newHubChain(clinic, parts), written, told: new Set<string>() };
      const { taken } = await readGroup(base, [{ type: 'push', push }], createGroupFacts(), parts);
      return taken[0]!.checked!.missingParents;
    };
    const place = { place: 1, index: 0, effTs: 0, recvAt: 0, hasBody: true };
    const written = new Map([[parent.h, { ...place, device: device.id, n: parent.entry.n }]]);
    expect(await missing(nothingWritten)).toEqual([parent.h]);
    expect(await missing({ ...nothingWritten, held: written })).toEqual([]);
    await hubLog.close();
    await file.close();
    await rm(folder, { recursive: true });
  });
});

describe('bodies that come late', () => {
  it('are all kept when two processes take them in the same moment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fieldray-late-'));
    const file = await openFile(join(folder, 'hub.db'));
    const shared = { ...file, isShared: true };
    const hubs = [await openHubLog(shared), await openHubLog(shared)] as const;
    const pushes: { member: Member; push: PushRequest }[] = [];
    for (const seed of [1, 2]) {
      const { device, member } = await enrolled(hubs[0].hubLog, seed);
      const written = [device.write({ entity: `late ${seed}` })];
      for (const { hubLog } of hubs) await hubLog.push(member, await pushOf(device, written, { bodies: [] }));
      pushes.push({ member, push: await pushOf(device, written) });
    }
    await Promise.all(pushes.map(({ member, push }, at) => hubs[at]!.hubLog.push(member, push)));
    const [row] = await file.read({
      sql: `SELECT count(*) AS many FROM bodies b JOIN entries e ON e.place = b.place WHERE e.entity LIKE 'late %'`,
      args: [],
    });
    expect(row!['many']).toBe(2);
    await file.close();
    await rm(folder, { recursive: true });
  });
});

describe('tables that are made again', () => {
  it('know no more than the entries before, and wait for nobody where there is no log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fieldray-rebuilt-'));
    const file = await openFile(join(folder, 'hub.db'));
    const { hubLog } = await openHubLog(file);
    await hubLog.rebuildTables(clinic);
    const { device, member } = await enrolled(hubLog);
    const many = Array.from({ length: 500 }, () => device.write());
    const last = many.at(-1)!;
    const early = { kind: 'entry.quarantined', entity: last.h, actor: 'hub', body: { reason: 'a test' } };
    await hubLog.append(clinic, [early]);
    await hubLog.push(member, await pushOf(device, many));
    const rows = () => file.read({ sql: 'SELECT key, clear FROM folded_quarantine', args: [] });
    const stored = await rows();
    await hubLog.rebuildTables(clinic);
    expect(await rows()).toEqual(stored);
    await file.close();
    await rm(folder, { recursive: true });
  });
});
