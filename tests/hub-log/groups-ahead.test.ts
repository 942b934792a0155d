import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { HubLog, Member } from '../../server/store/hub-log-api.ts';
import type { LibsqlClient } from '../../server/store/libsql-database.ts';
import { openFileOnThread } from '../../server/store/open-file.ts';
import { Dice } from '../property/dice.ts';
import { logDevice, type LogDevice, pushOf, type Written } from './log-device.ts';
import { admin, clinic, doctor, enrolled, openHubLog, pullAll } from './open-hub-log.ts';

const faults = {
  none: () => undefined,
  full: () => Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }),
  refused: () => Object.assign(new Error('a constraint'), { code: 'SQLITE_CONSTRAINT' }),
  'reply lost': () => new Error('the reply was lost'),
} as const;

/** Lets one batch in eight fail: before anything is done, or after all is done. */
function failing(client: LibsqlClient, how: keyof typeof faults, dice: Dice) {
  const state = { isOn: false, struck: 0 };
  const faulty: LibsqlClient = {
    execute: (statement) => client.execute(statement),
    close: () => client.close(),
    async batch(statements, mode) {
      const error = state.isOn && dice.chance(1 / 8) ? faults[how]() : undefined;
      if (error !== undefined) state.struck++;
      if (error !== undefined && how !== 'reply lost') throw error;
      const results = await client.batch(statements, mode);
      if (error !== undefined) throw error;
      return results;
    },
  };
  return { faulty, state };
}

const images = ['a', 'b', 'c'].map((digit) => digit.repeat(64));

/** Entries of one device that meet those of others in the same rows. */
function work(device: LogDevice, dice: Dice, count: number, reviews: string[]): Written[] {
  return Array.from({ length: count }, () => {
    const entity = dice.pick(images);
    switch (dice.int(0, 3)) {
      case 0:
        return device.write({ body: { value: dice.int(1, 9) } });
      case 1: {
        const body = { sha256: entity, bytes: 5, type: 'image/png', patient: { name: 'Patient' } };
        return device.write({ kind: 'image.added', entity, body });
      }
      default: {
        const findings = [{ code: 'effusion', present: dice.pick(['yes', 'no']) }];
        const basedOn = reviews.length > 0 && dice.chance(0.5) ? [dice.pick(reviews)] : [];
        const body = { findings, results: [], note: `note ${dice.int(1, 99)}` };
        const written = device.write({ kind: 'review.added', entity, basedOn, body });
        reviews.push(written.h);
        return written;
      }
    }
  });
}

/** Sends until the hub holds it: the hub may have been full, or not have had the parents yet. */
async function insist(
  hub: HubLog,
  member: Member,
  device: LogDevice,
  push: readonly Written[],
  withBodies: boolean,
) {
  for (;;) {
    const request = await pushOf(device, push, withBodies ? {} : { bodies: [] });
    const answer = await hub.push(member, request).catch(() => undefined);
    if (answer?.stored.length === push.length) return;
    expect(answer?.rejected ?? []).toEqual([]);
  }
}

describe.each(['none', 'full', 'refused', 'reply lost'] as const)(
  'groups on groups that are being stored (%s)',
  (how) => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'fieldray-ahead-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it.each([1, 2, 3])('come to what the log says, seed %i', async (seed) => {
      const dice = new Dice(seed);
      let fault: ReturnType<typeof failing> | undefined;
      const database = await openFileOnThread(join(folder, `${seed}.db`), (client) => {
        fault = failing(client, how, dice);
        return fault.faulty;
      });
      const { hubLog } = await openHubLog(database);
      const { device, member } = await enrolled(hubLog);
      const other = logDevice(clinic, doctor, 2);
      const body = { key: other.key, name: 'another', role: 'device' };
      await hubLog.append(clinic, [{ kind: 'device.enrolled', entity: other.id, actor: doctor, body }]);

      const reviews: string[] = [];
      const first = work(device, dice, 2, reviews);
      await insist(hubLog, member, device, first, true);
      const copy = device.copy();
      fault!.state.isOn = true;
      const tasks: (() => Promise<unknown>)[] = [];
      for (const from of [device, copy, other]) {
        for (let push = 0; push < 12; push++) {
          const entries = work(from, dice, dice.int(1, 40), reviews);
          const known = push === 0 && from === copy ? [...first, ...entries] : entries;
          const late = dice.chance(0.3);
          tasks.push(() => insist(hubLog, member, from, known, !late));
          if (late) tasks.push(() => insist(hubLog, member, from, known, true));
        }
      }
      for (const role of ['user', 'doctor']) {
        const fact = { kind: 'user.role-set', entity: admin, actor: 'hub', body: { role } };
        const append = (): Promise<unknown> => hubLog.append(clinic, [fact]).catch(append);
        tasks.push(append, () => hubLog.rebuildTables(clinic).catch(() => undefined));
      }
      await Promise.all(dice.shuffled(tasks).map((task) => task()));
      fault!.state.isOn = false;
      expect(fault!.state.struck > 0).toBe(how !== 'none');

      const { answers } = await pullAll(hubLog, { ...member, userId: admin, role: 'admin' });
      const forks = answers
        .flatMap(({ entries }) => entries)
        .filter(({ entry }) => entry.kind === 'device.forked' && entry.entity === device.id);
      expect(forks).toHaveLength(1);
      const lines: Uint8Array[] = [];
      for await (const line of await hubLog.audit.exportLines(member)) lines.push(line);
      const open = async function* () {
        yield* lines;
      };
      const crypto = { ...nodeCrypto, startSha256: runningSha256 };
      const report = await verifyExport({ open, pinnedKeys: [hubLog.rootKey()] }, crypto);
      expect(report.findings).toEqual([]);
      await hubLog.close();
      await database.close();
    });
  },
);
