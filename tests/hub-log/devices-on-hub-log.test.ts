import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { openFile } from '../../server/store/open-file.ts';
import { PullAnswer, PullRequest, PushAnswer, PushRequest } from '../../shared/log/exchange.ts';
import { isImageShown, reviewState } from '../../shared/log/fold/image-state.ts';
import { createMemoryDeviceTables } from '../../shared/log/memory-device-tables.ts';
import { syncOnce } from '../../shared/log/sync-engine.ts';
import { ann, ben } from '../fixtures/fold-steps.ts';
import { clinic, film, identityOf, rowsText, testDevice } from '../fixtures/test-device.ts';
import { openHubLog, startOfTests } from './open-hub-log.ts';

/** The engine that every device runs against the log of the hub itself; only the network between them is missing. */
describe('devices and the hub’s own log', () => {
  let folder: string;
  let database: Database;
  let hub: Awaited<ReturnType<typeof openHubLog>>;

  const open = async (): Promise<void> => {
    database = await openFile(join(folder, 'records.db'));
    hub = await openHubLog(database);
  };
  const close = async (): Promise<void> => {
    await hub.hubLog.close();
    await database.close();
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-hub-'));
    await open();
  });
  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  function device(name: string, actor: string) {
    const identity = { ...identityOf(name), rootKey: hub.hubLog.rootKey() };
    const tables = createMemoryDeviceTables(identity);
    const made = testDevice(name, actor, { tables, now: () => hub.clock.now });
    const member: Member = { clinic, userId: actor, role: 'doctor', device: made.device };
    const transport = {
      push: async (request: PushRequest) =>
        PushAnswer.parse(await hub.hubLog.push(member, PushRequest.parse(request))),
      pull: async (request: PullRequest) =>
        PullAnswer.parse(await hub.hubLog.pull(member, PullRequest.parse(request))),
    };
    const sync = () => syncOnce({ store: made.store, transport, crypto: nodeCrypto });
    return { ...made, sync };
  }

  async function twoDevices() {
    const tablet = device('tablet', ann);
    const laptop = device('laptop', ben);
    const body = { key: 'A'.repeat(43), name: 'x', role: 'device' };
    await hub.hubLog.append(clinic, [
      { kind: 'user.approved', entity: ann, actor: 'hub', body: { role: 'doctor' } },
      { kind: 'user.approved', entity: ben, actor: 'hub', body: { role: 'doctor' } },
      { kind: 'device.enrolled', entity: tablet.device, actor: ann, body },
      { kind: 'device.enrolled', entity: laptop.device, actor: ben, body },
    ]);
    return { tablet, laptop };
  }

  it('agree after a disagreement, an adjudication, a tombstone and an erasure', async () => {
    const { tablet, laptop } = await twoDevices();
    const [added] = await tablet.say({});
    const [first] = await tablet.review();
    const [second] = await laptop.review();
    expect(await tablet.sync()).toMatchObject({ delivered: 2, isSettled: true });
    await laptop.sync();
    await tablet.sync();
    const row = async () => (await tablet.store.row('images', film))!.clear;
    expect(reviewState(await row()).state).toBe('discordant');
    const body = { findings: [{ code: 'effusion', present: 'no' }], results: [] };
    const basedOn = [first!.h, second!.h];
    const [settled] = await laptop.say({ kind: 'review.adjudicated', basedOn, body });
    await laptop.sync();
    await tablet.sync();
    expect(reviewState(await row()).state).toBe('adjudicated');
    await tablet.say({
      kind: 'entity.tombstoned',
      basedOn: [added!.h, settled!.h],
      body: { reason: 'wrong patient' },
    });
    const { bodyHash } = added!.entry;
    await hub.hubLog.append(clinic, [
      {
        kind: 'body.erased',
        entity: bodyHash!,
        actor: 'hub',
        basedOn: [added!.h],
        body: { reason: 'asked' },
      },
    ]);
    await tablet.sync();
    await laptop.sync();
    expect(isImageShown(await row())).toBe(false);
    expect((await row()).added[added!.h]?.body).toBe('erased');
    expect(await rowsText(tablet.store)).toBe(await rowsText(laptop.store));
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0, aside: 0 });
  });

  it('bring back everything to a hub that was restored from a copy', async () => {
    const { tablet, laptop } = await twoDevices();
    await tablet.sync();
    await laptop.sync();
    await close();
    await copyFile(join(folder, 'records.db'), join(folder, 'copy.db'));
    await open();
    await tablet.say({});
    const [read] = await tablet.review();
    await hub.hubLog.append(clinic, [
      { kind: 'user.role-set', entity: ben, actor: 'hub', body: { role: 'user' } },
    ]);
    await tablet.sync();
    await laptop.sync();
    const { entries } = await laptop.store.counts();
    await close();
    await copyFile(join(folder, 'copy.db'), join(folder, 'records.db'));
    await open();
    expect(await laptop.sync()).toMatchObject({ isSettled: true });
    expect((await laptop.store.row('users', ben))?.clear.role).toBe('user');
    await tablet.sync();
    await laptop.sync();
    expect(await rowsText(tablet.store)).toBe(await rowsText(laptop.store));
    const after = await laptop.store.counts();
    expect(after.entries).toBeGreaterThanOrEqual(entries);
    expect(after).toMatchObject({ outbox: 0, waiting: 0, aside: 0 });
    const row = await tablet.store.row('images', film);
    expect(reviewState(row!.clear).standing).toEqual([read!.h]);
  });

  it('hear of a fork, and lose neither side', async () => {
    const { tablet } = await twoDevices();
    const copy = device('tablet', ann);
    await tablet.sync();
    await copy.sync();
    await tablet.review([], 'one');
    hub.clock.now = startOfTests + 1000;
    await copy.review([], 'other');
    await tablet.sync();
    await copy.sync();
    await tablet.sync();
    expect((await copy.store.state()).broken?.why).toBe('forked');
    const standing = reviewState((await copy.store.row('images', film))!.clear).standing;
    expect(standing).toHaveLength(2);
    expect((await tablet.store.row('devices', tablet.device))?.clear.forks).toHaveLength(1);
  });
});
