import { afterAll, beforeAll } from 'vitest';
import type { Checkpoint } from '../../shared/log/checkpoint.ts';
import { PushAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { type LogDevice, pushOf } from './log-device.ts';
import { enrolled, openHubLog } from './open-hub-log.ts';

export type Hub = Awaited<ReturnType<typeof openHubLog>>;

export type OpenDatabase = () => Promise<{ database: Database; stop: () => Promise<void> }>;

interface Opened {
  readonly database: Database;
  readonly stop: () => Promise<void>;
  readonly hub: Hub;
  readonly device: LogDevice;
  readonly member: Member;
}

/** A hub's log for all tests of a `describe`, with a device of a doctor. */
export function hubUnderTest(open: OpenDatabase) {
  let under: Opened;
  let seed = 10;
  beforeAll(async () => {
    const { database, stop } = await open();
    const hub = await openHubLog(database);
    under = { database, stop, hub, ...(await enrolled(hub.hubLog)) };
  });
  afterAll(async () => {
    await under.hub.hubLog.close();
    await under.database.close();
    await under.stop();
  });
  return {
    /** Once it is open. */
    opened: () => under,
    /** A further device of the same doctor. */
    another: async (): Promise<LogDevice> => (await enrolled(under.hub.hubLog, seed++)).device,
    push: async (...[of, written, changes]: Parameters<typeof pushOf>): Promise<PushAnswer> =>
      PushAnswer.parse(await under.hub.hubLog.push(under.member, await pushOf(of, written, changes))),
    headOnly: (verified: Checkpoint | null) =>
      under.hub.hubLog.pull(under.member, {
        protocol: syncProtocol,
        epoch: null,
        cursor: 0,
        limit: 1,
        bodies: false,
        verified,
      }),
  };
}
