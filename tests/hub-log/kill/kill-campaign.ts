import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { seededRandom } from '../../../shared/kernel/seeded-random.ts';
import { User } from '../../../shared/api/users.ts';
import { type AskHub, mustAnswer } from '../load/ask-hub.ts';
import { loadPassword, signInDevice, type SignedInDevice } from '../load/signed-in-device.ts';
import { auditHub, CheckpointAnswer } from './audit-hub.ts';
import { freePort, type HubLife, startLife } from './hub-life.ts';
import { createObserver } from './observer.ts';
import { createRoleChanger } from './role-changer.ts';
import { type Acknowledged, createWriter } from './writer.ts';

const writers = 4;
const longestLoadMs = 600;
const signInEachMs = 5 * 60_000;

export interface KillTally {
  kills: number;
  acknowledged: number;
  /** Pushes that were under way: stored without an acknowledgement, and not stored. */
  storedUnheard: number;
  notStored: number;
  slowestWallMs: number;
  slowestCpuMs: number;
}

export const noKills: KillTally = {
  kills: 0,
  acknowledged: 0,
  storedUnheard: 0,
  notStored: 0,
  slowestWallMs: 0,
  slowestCpuMs: 0,
};

/** One hub and its clients over many lives of its process. */
export interface KillCampaign {
  /** Loads the hub, kills it, starts it again and looks at everything. @returns what is wrong */
  killOnce(tally: KillTally): Promise<string[]>;
  /** Verifies the export of the living hub. @returns what is wrong */
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

const password = loadPassword;
const admin = { email: 'admin@example.org', password };
const doctor = { email: 'doctor@example.org', password };
const somebody = { email: 'somebody@example.org', password };

async function setUp(life: HubLife): Promise<string> {
  const token = /\/setup#(\S+)/.exec(life.printed())?.[1];
  await mustAnswer(life.ask('POST', '/auth/setup', { token, ...admin, clinic: 'A clinic' }));
  const { accessToken } = (await mustAnswer(life.ask('POST', '/auth/login', admin))) as {
    accessToken: string;
  };
  await mustAnswer(life.ask('POST', '/users', { ...doctor, role: 'doctor' }, accessToken));
  const added = await mustAnswer(life.ask('POST', '/users', { ...somebody, role: 'user' }, accessToken));
  return User.parse(added).id;
}

/** @param seed decides the load and when each kill comes */
export async function startKillCampaign(seed: number): Promise<KillCampaign> {
  const random = seededRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-kill-'));
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    DATA_DIR: join(folder, 'data'),
    PORT: port,
    MASTER_KEY: randomBytes(32).toString('base64'),
  };
  let life = await startLife(environment, async (ask) => (await ask('GET', '/health')).status > 0);
  while (!life.printed().includes('/setup#')) await after(5);
  const changed = await setUp(life);

  const keySeed = (): Uint8Array => Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256));
  const acknowledged: Acknowledged = { placements: new Map(), bodyHashes: new Set(), receipts: new Map() };
  const administrator = await signInDevice(life.ask, admin, keySeed());
  const devices: SignedInDevice[] = [];
  for (let count = 0; count < writers; count++) devices.push(await signInDevice(life.ask, doctor, keySeed()));
  const { rootKey } = CheckpointAnswer.parse(
    await mustAnswer(life.ask('GET', '/audit/checkpoint', undefined, administrator.accessToken())),
  );
  const working = devices.map((device) => createWriter(device, random, acknowledged));
  const observer = createObserver(administrator);
  const roleChanger = createRoleChanger(administrator, changed);
  let signedInAt = performance.now();

  async function answersRecords(ask: AskHub): Promise<boolean> {
    const { status } = await ask('GET', '/audit/checkpoint', undefined, administrator.accessToken());
    return status === 200 || status === 401;
  }

  function lost(): string[] {
    const problems: string[] = [];
    for (const { h, index } of acknowledged.placements.values()) {
      if (observer.entries[index]?.place.h !== h)
        problems.push(`entry ${h} was acknowledged at ${index} and is not there`);
    }
    for (const bodyHash of acknowledged.bodyHashes) {
      if (!observer.bodies.has(bodyHash)) problems.push(`body ${bodyHash} was acknowledged and is not there`);
    }
    return problems;
  }

  /** A push is one transaction: all of it is there, or nothing. */
  function halves(tally: KillTally): string[] {
    const known = new Set(observer.entries.map(({ place }) => place.h));
    return working.flatMap((writer) => {
      const pushed = writer.underWay();
      const stored = pushed.filter(({ h }) => known.has(h)).length;
      if (pushed.length > 0) tally[stored > 0 ? 'storedUnheard' : 'notStored']++;
      return stored === 0 || stored === pushed.length
        ? []
        : [`of ${pushed.length} entries of a push ${stored} are there`];
    });
  }

  return {
    async killOnce(tally) {
      if (performance.now() - signedInAt > signInEachMs) {
        for (const signedIn of [administrator, ...devices]) await signedIn.signInAgain();
        signedInAt = performance.now();
      }
      const loadMs = 1 + random() * longestLoadMs;
      const load = Promise.allSettled([...working, roleChanger].map((worker) => worker.work(life.ask)));
      await after(loadMs);
      await life.kill();
      const refused = (await load).flatMap((worker) =>
        worker.status === 'rejected' ? [String(worker.reason)] : [],
      );

      life = await startLife(environment, answersRecords);
      tally.kills++;
      tally.slowestWallMs = Math.max(tally.slowestWallMs, life.wallMs);
      tally.slowestCpuMs = Math.max(tally.slowestCpuMs, life.cpuMs);
      const problems = [...refused, ...(await observer.pull(life.ask))];
      problems.push(...lost(), ...halves(tally), ...(await roleChanger.check(life.ask, observer)));
      tally.acknowledged = acknowledged.placements.size;
      // What is ready in less computing than this waited for others on a busy machine.
      const readyMs = Math.min(life.wallMs, life.cpuMs);
      if (readyMs > 2000) problems.push(`records were ready after ${Math.round(readyMs)} ms`);
      return problems.map((problem) => `seed ${seed}, kill ${tally.kills}: ${problem}`);
    },
    audit: () => auditHub(origin, administrator, rootKey, acknowledged),
    async close() {
      await life.kill();
      await rm(folder, { recursive: true });
    },
  };
}

export function tallyText({
  kills,
  acknowledged,
  storedUnheard,
  notStored,
  slowestWallMs,
  slowestCpuMs,
}: KillTally): string {
  return (
    `${kills} kills: ${acknowledged} entries acknowledged; of the pushes under way ${storedUnheard} were stored ` +
    `and ${notStored} not; records ready after at most ${Math.round(slowestWallMs)} ms (${Math.round(slowestCpuMs)} ms of computing)`
  );
}
