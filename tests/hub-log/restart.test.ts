import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { readTables } from '../../server/store/log/export-clinic.ts';
import { openFile } from '../../server/store/open-file.ts';
import { logDevice, pushOf } from './log-device.ts';
import { admin, clinic, doctor, enrolled, openHubLog, pullAll } from './open-hub-log.ts';

const plain = (sql: string) => ({ sql, args: [] });

describe('a hub that starts again', () => {
  let folder: string;
  let path: string;
  const open: Database[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-restart-'));
    path = join(folder, 'hub.db');
  });
  afterAll(() => rm(folder, { recursive: true }));
  const start = async (at = path) => {
    const database = await openFile(at);
    open.push(database);
    return { database, ...(await openHubLog(database)) };
  };
  const stop = async ({ database, hubLog }: Awaited<ReturnType<typeof start>>): Promise<void> => {
    await hubLog.close();
    await database.close();
  };

  it('has the same key and goes on in the same order, on another chain', async () => {
    const first = await start();
    const { device, member } = await enrolled(first.hubLog);
    await first.hubLog.push(member, await pushOf(device, [device.write()]));
    const key = first.hubLog.rootKey();
    await stop(first);
    const second = await start();
    expect(second.hubLog.rootKey()).toBe(key);
    await second.hubLog.push(member, await pushOf(device, [device.write()]));
    await second.hubLog.append(clinic, [{ kind: 'audit.tested', entity: 'x', actor: 'hub', body: null }]);
    const { last, answers } = await pullAll(second.hubLog, member);
    const hubs = answers
      .flatMap(({ entries }) => entries)
      .filter(({ entry }) => entry.kind === 'device.enrolled' && entry.entity === entry.device);
    expect(hubs.length).toBe(2);
    expect(last.checkpoint.size).toBe(answers.flatMap(({ entries }) => entries).length);
    await stop(second);
  });

  it('makes its tables again as they were', async () => {
    const hub = await start();
    const { device, member } = await enrolled(hub.hubLog, 2);
    const image = device.write({
      kind: 'image.added',
      entity: 'image:1',
      body: { sha256: 'a'.repeat(64), bytes: 3, type: 'image/png', patient: { name: 'Doe^Jane' } },
    });
    const gone = device.write({ body: { value: 'gone' }, entity: 'gone' });
    await hub.hubLog.push(member, await pushOf(device, [image, gone, device.write({ entity: 'kept' })]));
    const stranger = logDevice(clinic, doctor, 90);
    const strange = stranger.write();
    await hub.hubLog.push(member, await pushOf(stranger, [strange, stranger.write()]));
    await hub.hubLog.append(clinic, [
      { kind: 'entry.released', entity: strange.h, actor: admin, body: { reason: 'seen' } },
      {
        kind: 'body.erased',
        entity: gone.body!.bodyHash,
        actor: admin,
        basedOn: [gone.h],
        body: { reason: 'x' },
      },
    ]);
    const [tree] = await hub.database.read(plain(`SELECT tree FROM trees WHERE clinic = '${clinic}'`));
    const tables = () => readTables(hub.parts, Number(tree!['tree']));
    const before = await tables();
    expect(new Set(before.map(({ table }) => table)).size).toBeGreaterThanOrEqual(6);
    const names = await hub.database.read(plain(`SELECT name FROM sqlite_master WHERE name LIKE 'folded_%'`));
    const isTable = names.filter(({ name }) => !String(name).includes('autoindex'));
    await hub.database.write(isTable.map(({ name }) => plain(`DELETE FROM ${String(name)}`)));
    expect(await tables()).toEqual([]);
    await hub.hubLog.rebuildTables(clinic);
    expect(await tables()).toEqual(before);
    await stop(hub);
  });

  it('keeps names, notes and bodies sealed', async () => {
    const hub = await start();
    const found = await hub.database.read(
      plain(`SELECT count(*) AS count FROM bodies WHERE instr(sealed, 'Doe') > 0
        UNION ALL SELECT count(*) FROM folded_images WHERE instr(personal, 'Doe') > 0 OR instr(clear, 'Doe') > 0`),
    );
    expect(found).toEqual([{ count: 0 }, { count: 0 }]);
    await stop(hub);
  });

  it('notices, when it was restored from a copy, what a client had verified, and takes it all back', async () => {
    const hub = await start();
    const { device, member } = await enrolled(hub.hubLog, 3);
    await stop(hub);
    const copy = join(folder, 'copy.db');
    await cp(path, copy);
    const ahead = await start();
    const written = [device.write(), device.write()];
    const request = await pushOf(device, written);
    await ahead.hubLog.push(member, request);
    const { last } = await pullAll(ahead.hubLog, member);
    await stop(ahead);
    const restored = await start(copy);
    const pulled = await pullAll(restored.hubLog, member, 100, last.checkpoint);
    expect(pulled.last.epoch).not.toBe(last.epoch);
    const { stored } = await restored.hubLog.push(member, request);
    expect(stored).toEqual(written.map(({ h }) => h));
    await stop(restored);
  });
});
