import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/kernel/bytes.ts';
import { isExtension, isIncluded } from '../../shared/log/check-proof.ts';
import { leafHash } from '../../shared/log/merkle.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { openFile } from '../../server/store/open-file.ts';
import { hubApp } from '../hub/hub-app.ts';
import { type LogDevice, logDevice, pushOf } from './log-device.ts';
import { admin, clinic, doctor, enrolled, openHubLog, startOfTests } from './open-hub-log.ts';

const crypto = { ...nodeCrypto, startSha256: runningSha256 };

describe('the log as it is read', () => {
  let folder: string;
  let database: Database;
  let hub: Awaited<ReturnType<typeof openHubLog>>;
  let device: LogDevice;
  let member: Member;
  let ask: (path: string, as?: 'doctor' | 'admin') => Promise<Response>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-audit-'));
    database = await openFile(join(folder, 'hub.db'));
    hub = await openHubLog(database);
    ({ device, member } = await enrolled(hub.hubLog));
    const sessionId = 'session';
    const asAdmin = { ...member, userId: admin, role: 'admin' as const, sessionId };
    const { app } = hubApp({
      hubLog: hub.hubLog,
      auditLog: hub.hubLog.audit,
      authenticate: async (token) => (token === 'admin' ? asAdmin : { ...member, sessionId }),
      wallClock: () => new Date(startOfTests),
    });
    ask = async (path, as = 'admin') =>
      app.request(`http://127.0.0.1:8787/api/v1/audit/${path}`, {
        headers: { Authorization: `Bearer ${as}` },
      });

    // A little of everything: an image with reviews, a fork, a clock that is wrong, a body erased, an entry
    // without a right, a second process.
    const image = device.write({
      kind: 'image.added',
      entity: 'image:1',
      body: { sha256: 'a'.repeat(64), bytes: 3, type: 'application/dicom', patient: { name: 'Doe^Jane' } },
    });
    const reviews = [1, 2].map((at) =>
      device.write({
        kind: 'review.added',
        entity: 'image:1',
        body: { findings: [{ code: 'pneumonia', present: 'yes' }], note: `note ${at}`, results: [] },
      }),
    );
    const copy = device.copy();
    const secret = device.write({ body: { value: 'secret' } });
    await hub.hubLog.push(member, await pushOf(device, [image, ...reviews, secret]));
    await hub.hubLog.push(
      member,
      await pushOf(copy, [copy.write({ ts: [startOfTests + 9e6, 0], entity: '\u{1F600}' })]),
    );
    await hub.hubLog.push(member, await pushOf(device, [device.write({ entity: '\uFFFD' })]));
    const stranger = logDevice(clinic, doctor, 50);
    await hub.hubLog.push(
      member,
      await pushOf(stranger, [stranger.write({ kind: 'other.unknown' }), stranger.write()]),
    );
    const erasure = {
      kind: 'body.erased',
      entity: secret.body!.bodyHash,
      actor: admin,
      body: { reason: 'asked for' },
    };
    await hub.hubLog.append(clinic, [{ ...erasure, basedOn: [secret.h] }]);
    const second = await openHubLog(database);
    await second.hubLog.append(clinic, [
      { kind: 'audit.tested', entity: 'second', actor: 'hub', body: null },
    ]);
  });
  afterAll(async () => {
    await hub.hubLog.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  it('is exported as a file that proves itself, up to its own export', async () => {
    const answer = await ask('export');
    expect(answer.headers.get('content-type')).toBe('application/jsonl');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const open = async function* () {
      yield bytes;
    };
    const report = await verifyExport({ open, pinnedKeys: [hub.hubLog.rootKey()] }, crypto);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('sound');
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain('audit.exported');
    expect(text).toContain('Doe^Jane');
    expect(text).not.toContain('secret');
  });

  it('is exported for administrators only', async () => {
    expect((await ask('export', 'doctor')).status).toBe(403);
    expect((await ask('entries', 'doctor')).status).toBe(403);
  });

  it('ends without its last line when a body goes while it is exported', async () => {
    const written = device.write({ body: { value: 'soon gone' } });
    await hub.hubLog.push(member, await pushOf(device, [written]));
    const lines = await hub.hubLog.audit.exportLines({ ...member, role: 'admin' });
    const reason = { reason: 'asked for' };
    await hub.hubLog.append(clinic, [
      {
        kind: 'body.erased',
        entity: written.body!.bodyHash,
        actor: admin,
        basedOn: [written.h],
        body: reason,
      },
    ]);
    const drain = async (): Promise<void> => {
      for await (const line of lines) expect(line.length).toBeGreaterThan(0);
    };
    await expect(drain()).rejects.toMatchObject({ code: 'sync.slow-down' });
  });

  it('is read in pages, the newest first, and that is written down', async () => {
    const indexes: number[] = [];
    let next: number | undefined;
    do {
      const answer = await ask(`entries?limit=3${next === undefined ? '' : `&before=${next}`}`);
      const page = (await answer.json()) as {
        entries: { place: { index: number } }[];
        next?: number;
      };
      indexes.push(...page.entries.map(({ place }) => place.index));
      next = page.next;
    } while (next !== undefined);
    expect(indexes).toEqual([...indexes.keys()].toReversed());
    const kinds = await ask('entries?kind=audit.read-the-log');
    const { entries } = (await kinds.json()) as { entries: { entry: { actor: string } }[] };
    expect(entries.length).toBeGreaterThan(3);
    expect(entries[0]!.entry.actor).toBe(admin);
    expect((await ask('entries?limit=1000')).status).toBe(400);
  });

  it('proves every entry and every earlier size', async () => {
    const { checkpoint } = (await (await ask('checkpoint', 'doctor')).json()) as {
      checkpoint: { size: number };
    };
    const { entries } = await hub.hubLog.audit.entries(clinic, { limit: 200 });
    expect(entries.length).toBe(checkpoint.size);
    for (const { place } of entries) {
      const { h, index } = place;
      const answer = await ask(`proof?h=${h}`, 'doctor');
      const { checkpoint: at, proof } = (await answer.json()) as {
        checkpoint: { size: number; root: string };
        proof: string[];
      };
      const claim = { leaf: leafHash(place, nodeCrypto), index, size: at.size, root: fromHex(at.root) };
      expect(isIncluded(claim, proof.map(fromHex), nodeCrypto)).toBe(true);
    }
    for (let size = 0; size <= checkpoint.size; size++) {
      const { earlier, checkpoint: at, proof } = await hub.hubLog.audit.consistency(clinic, size);
      const tree = (of: { size: number; root: string }) => ({ size: of.size, root: fromHex(of.root) });
      expect(isExtension(tree(earlier), tree(at), proof.map(fromHex), nodeCrypto)).toBe(true);
    }
  });

  it('proves nothing that is not there', async () => {
    expect((await ask(`proof?h=${'0'.repeat(64)}`)).status).toBe(404);
    expect((await ask('proof?size=100000')).status).toBe(400);
    expect((await ask('proof')).status).toBe(400);
    expect((await ask(`proof?h=${'0'.repeat(64)}&size=1`)).status).toBe(400);
  });
});
