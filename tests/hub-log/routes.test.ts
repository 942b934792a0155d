import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostEntries, PullAnswer, PushAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import type { Database } from '../../server/store/database.ts';
import { openFile } from '../../server/store/open-file.ts';
import { hubApp } from '../hub/hub-app.ts';
import { type LogDevice, pushOf } from './log-device.ts';
import { enrolled, openHubLog } from './open-hub-log.ts';

describe('the routes of sync', () => {
  let folder: string;
  let database: Database;
  let device: LogDevice;
  let post: (path: string, body: unknown, token?: string) => Promise<Response>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-routes-'));
    database = await openFile(join(folder, 'hub.db'));
    const { hubLog } = await openHubLog(database);
    const one = await enrolled(hubLog);
    device = one.device;
    const { app } = hubApp({
      hubLog,
      auditLog: hubLog.audit,
      authenticate: async (token) =>
        token === 'doctor' ? { ...one.member, sessionId: 'session' } : undefined,
    });
    post = async (path, body, token = 'doctor') =>
      app.request(`http://127.0.0.1:8787/api/v1/sync/${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  const pullRequest = { protocol: syncProtocol, epoch: null, cursor: 0, limit: 10, verified: null };

  it('take a push and give it out again', async () => {
    const written = device.write({ body: { value: 'mine' } });
    const pushed = PushAnswer.parse(await (await post('push', await pushOf(device, [written]))).json());
    expect(pushed.stored).toEqual([written.h]);
    const { epoch } = PullAnswer.parse(await (await post('pull', pullRequest)).json());
    const pulled = PullAnswer.parse(await (await post('pull', { ...pullRequest, epoch })).json());
    expect(pulled.entries.map(({ entry }) => entry)).toContainEqual(written.entry);
    expect(pulled.bodies).toContainEqual(written.body);
  });

  it('refuse strangers, too many entries, too many bytes and what is no push', async () => {
    const request = await pushOf(device, [device.write()]);
    expect((await post('push', request, 'stranger')).status).toBe(401);
    expect((await post('pull', pullRequest, 'stranger')).status).toBe(401);
    const many = Array.from({ length: mostEntries + 1 }, () => request.entries[0]!);
    expect((await post('push', { ...request, entries: many })).status).toBe(400);
    const text = 'x'.repeat(1024 * 1024);
    const large = Array.from({ length: 9 }, () => ({ ...request.bodies[0]!, text }));
    expect((await post('push', { ...request, bodies: large })).status).toBe(413);
    expect((await post('push', { ...request, surplus: true })).status).toBe(400);
    expect((await post('pull', { ...pullRequest, limit: mostEntries + 1 })).status).toBe(400);
  });

  it('refuse a million lists before they are read, and do not repeat all that they do not know', async () => {
    const request = await pushOf(device, [device.write()]);
    const lists = await post('push', { ...request, entries: Array.from({ length: 1_000_000 }, () => []) });
    expect(await lists.json()).toMatchObject({ status: 400, detail: expect.stringMatching(/parts/) });
    const surplus = Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`surplus${at}`, 0]));
    const unknown = await post('push', { ...request, ...surplus });
    expect(unknown.status).toBe(400);
    expect((await unknown.text()).length).toBeLessThan(5000);
  });
});
