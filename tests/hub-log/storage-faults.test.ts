import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { LibsqlClient } from '../../server/store/libsql-database.ts';
import { openFile } from '../../server/store/open-file.ts';
import { pushOf } from './log-device.ts';
import { admin, clinic, enrolled, openHubLog, pullAll } from './open-hub-log.ts';

/** Lets one batch fail: before anything is done, as a full disk does, or after all is done, as a lost reply does. */
function failing(client: LibsqlClient, how: 'full' | 'reply lost') {
  const state = { batches: 0, failAt: -1 };
  const faulty: LibsqlClient = {
    execute: (...args: Parameters<LibsqlClient['execute']>) => client.execute(...args),
    close: () => client.close(),
    async batch(...args: Parameters<LibsqlClient['batch']>) {
      const fails = state.batches++ === state.failAt;
      if (fails && how === 'full') throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
      const results = await client.batch(...args);
      if (fails) throw new Error('the reply was lost');
      return results;
    },
  };
  return { faulty, state };
}

interface Outcome {
  readonly batches: number;
  readonly failures: number;
}

/** Everything that writes, each tried again until it is acknowledged, with one batch that fails. */
async function runThrough(path: string, how: 'full' | 'reply lost', failAt: number): Promise<Outcome> {
  let fault: ReturnType<typeof failing> | undefined;
  const database = await openFile(path, (client) => {
    fault = failing(client, how);
    return fault.faulty;
  });
  const hub = await openHubLog(database);
  const { device, member } = await enrolled(hub.hubLog);
  const { state } = fault!;
  state.batches = 0;
  state.failAt = failAt;
  let failures = 0;
  const acknowledged: string[] = [];
  const insist = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await task();
    } catch {
      failures++;
      return insist(task);
    }
  };
  const written = [device.write(), device.write(), device.write()];
  for (const one of written) {
    const request = await pushOf(device, [one]);
    const { stored } = await insist(() => hub.hubLog.push(member, request));
    acknowledged.push(...stored);
  }
  const fact = (entity: string) => ({ kind: 'audit.tested', entity, actor: 'hub', body: null });
  const beside = (name: string) => ({
    sql: 'INSERT INTO meta VALUES (?, ?)',
    args: [name, new Uint8Array(1)],
  });
  const many = Array.from({ length: 4 }, (_, at) => String(at));
  await Promise.all(
    many.map((name) => insist(() => hub.hubLog.append(clinic, [fact(name)], [beside(name)]))),
  );
  const erasure = {
    kind: 'body.erased',
    entity: written[1]!.body!.bodyHash,
    actor: admin,
    body: { reason: 'x' },
  };
  await insist(() => hub.hubLog.append(clinic, [{ ...erasure, basedOn: [written[1]!.h] }]));

  const { answers } = await pullAll(hub.hubLog, member);
  const entries = answers.flatMap((answer) => answer.entries);
  expect(entries.map(({ place }) => place.h)).toEqual(expect.arrayContaining(acknowledged));
  const told = entries.filter(({ entry }) => entry.kind === 'audit.tested').map(({ entry }) => entry.entity);
  expect(told.toSorted()).toEqual(many);
  expect(answers.flatMap(({ bodies }) => bodies)).not.toContainEqual(written[1]!.body);
  const lines: Uint8Array[] = [];
  for await (const line of await insist(() => hub.hubLog.audit.exportLines(member))) lines.push(line);
  const open = async function* () {
    yield* lines;
  };
  const crypto = { ...nodeCrypto, startSha256: runningSha256 };
  const report = await verifyExport({ open, pinnedKeys: [hub.hubLog.rootKey()] }, crypto);
  expect(report.findings).toEqual([]);
  await insist(() => hub.hubLog.close());
  await database.close();
  return { batches: state.batches, failures };
}

describe.each(['full', 'reply lost'] as const)('a storage call that fails (%s)', (how) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-faults-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('loses nothing that was acknowledged and doubles nothing, whichever it is', async () => {
    const { batches } = await runThrough(join(folder, 'none.db'), how, -1);
    expect(batches).toBeGreaterThan(6);
    let failures = 0;
    for (let failAt = 0; failAt < batches; failAt++) {
      failures += (await runThrough(join(folder, `${failAt}.db`), how, failAt)).failures;
    }
    if (how === 'full') expect(failures).toBeGreaterThan(5);
    // Whoever finds its checkpoint stored knows that the rest is.
    else expect(failures).toBe(0);
  });
});
