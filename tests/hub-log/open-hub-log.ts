import { randomBytes } from 'node:crypto';
import type { Checkpoint } from '../../shared/log/checkpoint.ts';
import { type PullAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import { createKeyVault } from '../../server/keys/key-vault.ts';
import { masterKey } from '../../server/keys/master-key.ts';
import { nodeCrypto, runningSha256, signerOf } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import { createHubLog } from '../../server/store/hub-log.ts';
import type { HubLog, Member } from '../../server/store/hub-log-api.ts';
import { openRootKey } from '../../server/store/log/root-key.ts';
import { migrate } from '../../server/store/migrate.ts';
import { type LogDevice, logDevice } from './log-device.ts';

export const clinic = '00000000-0000-4000-8000-000000000001';
export const doctor = '00000000-0000-4000-8000-00000000000d';
export const admin = '00000000-0000-4000-8000-00000000000a';

export const startOfTests = 1_800_000_000_000;

/** A hub's log on a database; what it keeps in memory begins anew with each call. */
export async function openHubLog(database: Database) {
  const sealer = createKeyVault([masterKey(new Uint8Array(32).fill(7))], new Uint8Array(32).fill(8));
  await migrate(database);
  const rootKey = await openRootKey(database, sealer, () => randomBytes(32), signerOf);
  const clock = { now: startOfTests };
  const parts = {
    database,
    sealer,
    crypto: nodeCrypto,
    rootKey,
    signerOf,
    startSha256: runningSha256,
    program: 'fieldray test',
    randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    wallClock: () => clock.now,
  };
  return { hubLog: createHubLog(parts), parts, clock };
}

/** A doctor and an administrator who have a role, and a device that both may use. */
export async function enrolled(
  hubLog: HubLog,
  seed = 1,
  of = clinic,
): Promise<{ device: LogDevice; member: Member }> {
  const device = logDevice(of, doctor, seed);
  const body = { key: device.key, name: 'a laptop', role: 'device' };
  await hubLog.append(of, [
    { kind: 'user.approved', entity: doctor, actor: 'hub', body: { role: 'doctor' } },
    { kind: 'user.approved', entity: admin, actor: 'hub', body: { role: 'admin' } },
    { kind: 'device.enrolled', entity: device.id, actor: doctor, body },
    { kind: 'device.enrolled', entity: device.id, actor: admin, body },
  ]);
  return { device, member: { clinic: of, userId: doctor, role: 'doctor', device: device.id } };
}

/** All pages from the beginning; what was verified goes along. */
export async function pullAll(
  hubLog: HubLog,
  member: Member,
  limit = 100,
  verified: Checkpoint | null = null,
): Promise<{ answers: PullAnswer[]; last: PullAnswer }> {
  const request = { protocol: syncProtocol, limit, bodies: true, verified };
  let answer = await hubLog.pull(member, { ...request, epoch: null, cursor: 0 });
  const answers: PullAnswer[] = [];
  do {
    answer = await hubLog.pull(member, { ...request, epoch: answer.epoch, cursor: answer.next });
    answers.push(answer);
  } while (!answer.end);
  return { answers, last: answer };
}
