import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, Statement } from '../../server/store/database.ts';
import { openFile } from '../../server/store/open-file.ts';
import { logDevice, pushOf } from './log-device.ts';
import { admin, clinic, doctor, enrolled, openHubLog, pullAll } from './open-hub-log.ts';

/** What a request costs must not grow with the records, so no statement of a request may look through a table. */

let folder: string;
let database: Database;
const statements = new Map<string, Statement>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-plans-'));
  database = await openFile(join(folder, 'hub.db'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function scansOf({ sql, args }: Statement): Promise<string[]> {
  const plan = await database.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
  const steps = plan.map(({ detail }) => String(detail));
  return steps.filter((step) => {
    // Of the values that are handed over (json_each), and of what was selected before.
    const isScan = /^SCAN (?!j\b|json_each|CONSTANT ROW|subquery|x?'?\(subquery)/.test(step);
    // Whoever has names to look for does not walk through the clinic's places.
    return isScan || (sql.includes('json_each') && /\(rowid>/.test(step));
  });
}

it('finds everything by an index', async () => {
  const { hubLog: quiet } = await openHubLog(database);
  const { device, member } = await enrolled(quiet);
  const watched: Database = {
    ...database,
    write(written) {
      for (const statement of written) statements.set(statement.sql, statement);
      return database.write(written);
    },
    read(statement) {
      statements.set(statement.sql, statement);
      return database.read(statement);
    },
  };
  const { hubLog } = await openHubLog(watched);
  statements.clear();
  const written = [device.write(), device.write()];
  const copy = device.copy();
  await hubLog.push(member, await pushOf(device, [...written, device.write()]));
  await hubLog.push(member, await pushOf(copy, [copy.write({ kind: 'image.added' })], { bodies: [] }));
  const stranger = logDevice(clinic, doctor, 40);
  await hubLog.push(member, await pushOf(stranger, [stranger.write()]));
  const erasure = {
    kind: 'body.erased',
    entity: written[0]!.body!.bodyHash,
    actor: admin,
    body: { reason: 'x' },
  };
  await hubLog.append(clinic, [{ ...erasure, basedOn: [written[0]!.h] }]);
  const { last } = await pullAll(hubLog, member, 5);
  await pullAll(hubLog, member, 500, last.checkpoint);
  await hubLog.roleOf(clinic, doctor);
  await hubLog.audit.entries(clinic, { limit: 5 });
  await hubLog.audit.entries(clinic, { limit: 5, kind: 'body.erased' });
  await hubLog.audit.inclusion(clinic, written[0]!.h);
  await hubLog.audit.consistency(clinic, 3);

  expect(statements.size).toBeGreaterThan(25);
  const scans: string[] = [];
  for (const statement of statements.values()) {
    for (const scan of await scansOf(statement)) scans.push(`${scan}: ${statement.sql}`);
  }
  expect(scans).toEqual([]);
});

it('would notice a table that is looked through', async () => {
  expect(await scansOf({ sql: `SELECT * FROM entries WHERE entity = 'x'`, args: [] })).toEqual([
    'SCAN entries',
  ]);
  const joined = 'SELECT e.h FROM json_each(?) j JOIN entries e ON e.entity = j.value';
  expect((await scansOf({ sql: joined, args: ['[]'] })).length).toBe(1);
  const ranged =
    'SELECT e.h FROM json_each(?) j CROSS JOIN entries e ON e.entity = j.value WHERE e.place > 5';
  expect((await scansOf({ sql: ranged, args: ['[]'] })).length).toBe(1);
});
