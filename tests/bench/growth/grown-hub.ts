import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../../server/config.ts';
import { openRecords } from '../../../server/entry/open-records.ts';
import { mustAnswer } from '../../hub-log/load/ask-hub.ts';
import { loadPassword, signInDevice, type SignedInDevice } from '../../hub-log/load/signed-in-device.ts';
import { freePort, type HubLife, setupTokenOf, startLife } from '../../hub-log/kill/hub-life.ts';
import { fillLog } from './fill-log.ts';

const credentials = { email: 'admin@example.org', password: loadPassword };

/** A hub of its own process whose clinic has so many entries. */
export interface GrownHub {
  readonly entries: number;
  readonly signedIn: SignedInDevice;
  readonly life: () => HubLife;
  /** Kills it and starts it again, until it answers with records. */
  restart(): Promise<HubLife>;
}

export async function growHub(
  folder: string,
  entries: number,
  say: (line: string) => void,
): Promise<GrownHub> {
  await mkdir(folder);
  const environment = {
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
    MASTER_KEY: randomBytes(32).toString('base64'),
  };
  let life = await startLife(environment, async (ask) => (await ask('GET', '/health')).status > 0);
  const token = await setupTokenOf(life);
  await mustAnswer(life.ask('POST', '/auth/setup', { token, ...credentials, clinic: 'A clinic' }));
  const signedIn = await signInDevice(life.ask, credentials, new Uint8Array(32).fill(1));
  await life.kill();

  const started = performance.now();
  const records = await openRecords(readConfig(environment), () => undefined);
  await fillLog(records, signedIn, entries, (done) => {
    if (done % 200_000 === 0)
      say(`  ${done} of ${entries}, ${Math.round((performance.now() - started) / 1000)} s`);
  });
  await records.close();

  const hub: GrownHub = {
    entries,
    signedIn,
    life: () => life,
    async restart() {
      await life.kill();
      life = await startLife(environment, async (ask) => {
        const { status } = await ask('GET', '/audit/checkpoint', undefined, signedIn.accessToken());
        return status === 200 || status === 401;
      });
      return life;
    },
  };
  await hub.restart();
  return hub;
}
