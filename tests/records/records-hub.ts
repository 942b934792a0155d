import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MiddlewareHandler } from 'hono';
import { readConfig } from '../../server/config.ts';
import { appOnRecords } from '../../server/entry/app-on-records.ts';
import { openRecords } from '../../server/entry/open-records.ts';
import { runningSha256, nodeCrypto } from '../../server/keys/node-crypto.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import { type Entry, entryHash } from '../../shared/log/entry.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { fakePool } from '../hub/fake-pool.ts';

export const adminOfHub = { email: 'ada@example.org', password: 'seven lungs under glass' };

/** A whole hub in this process, on a disk, without models. */
export async function openTestHub(page?: MiddlewareHandler) {
  const home = await mkdtemp(join(tmpdir(), 'fieldray-hub-'));
  const records = await openRecords(readConfig({ DATA_DIR: join(home, 'data') }), () => undefined);
  const { accounts, hubLog } = records;
  const app = appOnRecords(records, {
    pool: fakePool(),
    readiness: { status: () => 'ok', models: () => [] },
    print: () => undefined,
    maxUploadBytes: 10_000_000,
    hostNames: [],
    clientAddress: () => '192.0.2.1',
    overTls: false,
    ...(page !== undefined && { page }),
  });
  const admin = await accounts.users.setup({
    ...adminOfHub,
    token: (await accounts.users.openSetup())!,
    clinic: 'North clinic',
  });
  const actor = { clinic: admin.clinic.id, userId: admin.id, role: 'admin', sessionId: 'none' } as const;

  async function asAdmin(path: string): Promise<Response> {
    const { accessToken } = await accounts.sessions.login({ ...adminOfHub, client: 'program' }, undefined);
    const headers = { Authorization: `Bearer ${accessToken}` };
    return app.request(`http://127.0.0.1:8787/api/v1${path}`, { headers });
  }

  async function entries(): Promise<Entry[]> {
    const lines = (await (await asAdmin('/audit/export')).text()).split('\n').filter((line) => line !== '');
    return lines.flatMap((line) => (JSON.parse(line) as { entry?: Entry }).entry ?? []);
  }

  return {
    app,
    records,
    actor,
    asAdmin,
    member: (email: string, password: string, role: Role) =>
      accounts.users.add(actor, { email, password, role }),
    /** How many entries the clinic has of each kind. */
    async kinds(): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const { kind } of await entries()) counts[kind] = (counts[kind] ?? 0) + 1;
      return counts;
    },
    entryNames: async () => (await entries()).map((entry) => entryHash(entry, nodeCrypto)),
    /** What is wrong with the clinic's export. */
    async findings(): Promise<readonly unknown[]> {
      const bytes = new Uint8Array(await (await asAdmin('/audit/export')).arrayBuffer());
      const crypto = { ...nodeCrypto, startSha256: runningSha256 };
      async function* open(): AsyncIterable<Uint8Array> {
        yield bytes;
      }
      return (await verifyExport({ open, pinnedKeys: [hubLog.rootKey()] }, crypto)).findings;
    },
    async close() {
      await records.close();
      await rm(home, { recursive: true });
    },
  };
}
export type TestHub = Awaited<ReturnType<typeof openTestHub>>;
