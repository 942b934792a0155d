import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlDeviceTables } from '../../server/device/libsql-device-tables.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { openFile } from '../../server/store/open-file.ts';
import { type PullRequest, PullAnswer, PushRequest, syncProtocol } from '../../shared/log/exchange.ts';
import { openDeviceStore } from '../../shared/log/open-device-store.ts';
import { pullAll } from '../../shared/log/sync-engine.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { type LogDevice, pushOf, type Written } from './log-device.ts';
import { clinic, enrolled, openHubLog } from './open-hub-log.ts';

const picture = 'ab'.repeat(32);

/** A device of the clinic writes what no honest program would: the others go on, and the records still prove themselves. */
describe('what a hostile device writes', () => {
  let folder: string;
  let database: Database;
  let hub: Awaited<ReturnType<typeof openHubLog>>;
  let device: LogDevice;
  let member: Member;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-hostile-'));
    database = await openFile(join(folder, 'hub.db'));
    hub = await openHubLog(database);
    ({ device, member } = await enrolled(hub.hubLog));
  });
  afterEach(async () => {
    await hub.hubLog.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const push = async (...written: Written[]) =>
    hub.hubLog.push(member, PushRequest.parse(await pushOf(device, written)));

  async function judged(lines: AsyncIterable<Uint8Array>) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of lines) chunks.push(chunk);
    const open = async function* () {
      yield* chunks;
    };
    const crypto = { ...nodeCrypto, startSha256: runningSha256 };
    const { findings } = await verifyExport({ open, pinnedKeys: [hub.hubLog.rootKey()] }, crypto);
    return findings.map(({ code }) => code);
  }
  const exported = async () => judged(await hub.hubLog.audit.exportLines({ ...member, role: 'admin' }));

  /** A new device in a file takes all of the clinic's order. */
  async function pulledIntoFile(): Promise<number> {
    const file = await openFile(join(folder, 'device.db'));
    try {
      const identity = { clinic, device: device.id, rootKey: hub.hubLog.rootKey() };
      const tables = await openLibsqlDeviceTables({ database: file, sealer: hub.parts.sealer }, identity);
      const transport = {
        push: () => Promise.reject(new TypeError('nothing is to be sent')),
        pull: async (request: PullRequest) => PullAnswer.parse(await hub.hubLog.pull(member, request)),
      };
      return await pullAll({ store: openDeviceStore(tables), transport, crypto: nodeCrypto });
    } finally {
      await file.close();
    }
  }

  it.each([
    ['half a character', '{"value":"\\ud800"}'],
    ['half a character in a name', '{"value":{"\\udc00":1}}'],
    ['no JSON', 'dark'],
    ['two members of one name', '{"value":1,"value":2}'],
    ['a name that JavaScript knows', '{"value":{"__proto__":{"a":1},"constructor":1}}'],
    ['a number too large', '{"value":1e999}'],
  ])('a body with %s is kept and hinders nobody', async (_, text) => {
    expect((await push(device.write({ text }))).stored).toHaveLength(1);
    expect(await pulledIntoFile()).toBeGreaterThan(5);
    expect(await exported()).toEqual([]);
  });

  it.each([30, 31, 100, 3000, 100_000])(
    'a value nested %i deep is kept and hinders nobody',
    async (depth) => {
      const text = `{"value":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      expect((await push(device.write({ text }))).stored).toHaveLength(1);
      expect(await pulledIntoFile()).toBeGreaterThan(5);
      const [row] = await database.read({ sql: 'SELECT clear FROM folded_preferences', args: [] });
      const [said] = Object.values(JSON.parse(String(row!['clear'])).set) as { body: string }[];
      expect(said!.body).toBe(depth <= 31 ? 'present' : 'unreadable');
      expect(await exported()).toEqual([]);
    },
  );

  it('a checkpoint that the hub never signed proves nothing and breaks nothing', async () => {
    const ask = { protocol: syncProtocol, epoch: null, cursor: 0, limit: 10, bodies: true, verified: null };
    const { checkpoint, epoch } = await hub.hubLog.pull(member, ask);
    for (const size of [1, checkpoint.size, checkpoint.size + 1, Number.MAX_SAFE_INTEGER]) {
      const verified = { ...checkpoint, size, sig: 'A'.repeat(86) };
      const answer = await hub.hubLog.pull(member, { ...ask, epoch, verified });
      expect(answer.epoch).toBe(epoch);
      expect(answer.entries.length).toBe(checkpoint.size);
    }
  });

  it('a body that comes late among new entries ends an export, as one that comes alone does', async () => {
    const late = device.write();
    const request = await pushOf(device, [late]);
    await hub.hubLog.push(member, { ...request, bodies: [] });
    const lines = await hub.hubLog.audit.exportLines({ ...member, role: 'admin' });
    const { stored } = await hub.hubLog.push(member, await pushOf(device, [late, device.write()]));
    expect(stored).toHaveLength(2);
    await expect(judged(lines)).rejects.toMatchObject({ code: 'sync.slow-down' });
    expect(await exported()).toEqual([]);
    expect(await pulledIntoFile()).toBeGreaterThan(5);
  });

  it('large bodies come in as many pages as they need', async () => {
    const detail = 'y'.repeat(1_000_000);
    for (let at = 0; at < 4; at++) {
      await push(
        ...Array.from({ length: 5 }, () => device.write({ kind: 'other.thing', text: `"${detail}"` })),
      );
    }
    const ask = { protocol: syncProtocol, cursor: 0, limit: 500, bodies: true, verified: null };
    const { epoch } = await hub.hubLog.pull(member, { ...ask, epoch: null });
    const pages: number[] = [];
    for (let cursor = 0, end = false; !end;) {
      const page = await hub.hubLog.pull(member, { ...ask, epoch, cursor });
      pages.push(page.bodies.filter(({ text }) => text.length > detail.length).length);
      expect(page.next).toBe(cursor + page.entries.length);
      ({ next: cursor, end } = page);
    }
    expect(pages).toEqual([8, 8, 4]);
    const headers = await hub.hubLog.pull(member, { ...ask, epoch, bodies: false });
    expect(headers.end).toBe(true);

    const read: number[] = [];
    for (let before: number | undefined, isMore = true; isMore;) {
      const place = before === undefined ? {} : { before };
      const page = await hub.hubLog.audit.entries(clinic, { limit: 200, kind: 'other.thing', ...place });
      read.push(page.entries.length);
      before = page.next;
      isMore = before !== undefined;
    }
    expect(read).toEqual([8, 8, 4]);
    expect(await exported()).toEqual([]);
  });

  it('what it never saw is no evidence: the hub begins a new order once, and then refuses', async () => {
    const now = async () =>
      (
        await hub.hubLog.pull(member, {
          protocol: syncProtocol,
          epoch: null,
          cursor: 0,
          limit: 1,
          bodies: false,
          verified: null,
        })
      ).checkpoint;
    const { sig: _, clinic: __, at: ___, ...seen } = await now();
    const honest = device.write({ seen });
    expect((await push(honest)).rejected).toEqual([]);
    const lies = [
      { ...seen, root: '0'.repeat(64) },
      { ...seen, size: seen.size + 1000 },
      { ...seen, size: seen.size - 1 },
    ];
    // It could be true: of a hub that was restored twice nobody may hold a proof.
    const first = device.write({ seen: lies[0]! });
    expect(await push(first)).toMatchObject({ stored: [first.h], rejected: [] });
    const { epoch } = await now();
    expect(epoch).not.toBe(seen.epoch);
    // What speaks of an order that is over contradicts nothing.
    const old = device.write({ seen: lies[1]! });
    expect(await push(old)).toMatchObject({ stored: [old.h], rejected: [] });
    for (const lie of lies) {
      const liar = device.copy();
      const entry = liar.write({ seen: { ...lie, epoch } });
      const { stored, rejected } = await push(entry);
      expect({ stored, rejected }).toEqual({
        stored: [],
        rejected: [{ h: entry.h, code: 'log.false-witness' }],
      });
    }
    expect((await now()).epoch).toBe(epoch);
    expect(await exported()).toEqual([]);
    hub.clock.now += 25 * 3_600_000;
    const nextDay = device.write({ seen: { ...lies[1]!, epoch } });
    expect((await push(nextDay)).stored).toEqual([nextDay.h]);
    expect(await exported()).toEqual([]);
  });

  it('a row that is filled as full as can be is a line that a verifier takes', async () => {
    // Three bytes for each unit, in the longest text that the kind allows.
    const result = (length: number) =>
      `{"analysis":{"x":"${'あ'.repeat(length - 180)}"},"image":"${picture}","modelSha256s":["${picture}"]}`;
    expect(result(96 * 1024)).toHaveLength(96 * 1024);
    const say = (length: number) =>
      device.write({ kind: 'result.added', entity: 'result:full', text: result(length) });
    await push(...Array.from({ length: 100 }, () => say(96 * 1024)));
    const tooLong = say(96 * 1024 + 1);
    const tooMany = say(1000);
    await push(tooLong, tooMany);
    const [row] = await database.read({
      sql: 'SELECT length(personal) AS bytes FROM folded_results',
      args: [],
    });
    expect(Number(row!['bytes'])).toBeGreaterThan(28 * 1024 * 1024);
    const [{ count } = {}] = await database.read({
      sql: `SELECT count(*) AS count FROM folded_quarantine WHERE clear LIKE '%too-many%'`,
      args: [],
    });
    expect(count).toBe(2);
    expect(await exported()).toEqual([]);
  }, 120_000);

  it('a text that is longer than its kind allows says nothing', async () => {
    const text = JSON.stringify({ reason: 'because', more: 'x'.repeat(9000) });
    const brief = device.write({ kind: 'entity.tombstoned', entity: picture, body: { reason: 'because' } });
    const long = device.write({ kind: 'entity.tombstoned', entity: picture, text });
    const filled = device.write({
      kind: 'entity.tombstoned',
      entity: picture,
      text: `{"reason":"because"}${' '.repeat(8200)}`,
    });
    await push(brief, long, filled);
    const [row] = await database.read({ sql: 'SELECT clear FROM folded_images', args: [] });
    const { tombstones } = JSON.parse(String(row!['clear']));
    expect([brief, long, filled].map(({ h }) => tombstones[h].body)).toEqual([
      'present',
      'unreadable',
      'unreadable',
    ]);
    expect(await exported()).toEqual([]);
  });
});
