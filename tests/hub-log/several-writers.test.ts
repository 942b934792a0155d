import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../shared/kernel/bytes.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../shared/log/merkle.ts';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { pushOf, type Written } from './log-device.ts';
import { enrolled, openHubLog, pullAll } from './open-hub-log.ts';
import { startSqld } from './start-sqld.ts';

const writers = 3;
const devicesEach = 2;
const rounds = 3;

/** Several hubs on one server, as isolates of a Worker are: none knows what the others keep in memory. */
describe('hubs that write at the same time', () => {
  let databases: Database[];
  let hubs: Awaited<ReturnType<typeof openHubLog>>[];
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await startSqld();
    stop = server.stop;
    databases = Array.from({ length: writers }, () => openRemote({ url: server.url }));
    // One after the other: the first makes the schema and the root key.
    hubs = [];
    for (const database of databases) hubs.push(await openHubLog(database));
  });
  afterAll(async () => {
    for (const hub of hubs) await hub.hubLog.close();
    for (const database of databases) await database.close();
    await stop();
  });

  it('lose nothing, double nothing, and sign one tree', async () => {
    const written: Written[] = [];
    let seed = 100;
    await Promise.all(
      hubs.flatMap(({ hubLog }) =>
        Array.from({ length: devicesEach }, async () => {
          const { device, member } = await enrolled(hubLog, seed++);
          for (let round = 0; round < rounds; round++) {
            const some = [device.write(), device.write()];
            written.push(...some);
            const { stored } = await hubLog.push(member, await pushOf(device, some));
            expect(stored).toEqual(some.map(({ h }) => h));
          }
        }),
      ),
    );
    expect(written).toHaveLength(writers * devicesEach * rounds * 2);
    const { member } = await enrolled(hubs[0]!.hubLog, 1);
    for (const { hubLog } of hubs) {
      const { answers, last } = await pullAll(hubLog, member, 50);
      const places = answers.flatMap(({ entries }) => entries.map(({ place }) => place));
      expect(places.map(({ index }) => index)).toEqual(places.map((_, index) => index));
      const times = (h: string): number => places.filter((place) => place.h === h).length;
      expect(written.map(({ h }) => times(h))).toEqual(written.map(() => 1));
      const leaves = places.map((place) => leafHash(place, nodeCrypto));
      const { frontier } = appendLeaves(emptyFrontier, leaves, nodeCrypto);
      expect(last.checkpoint.size).toBe(places.length);
      expect(last.checkpoint.root).toBe(toHex(rootOf(frontier, nodeCrypto)));
    }
  });

  it('receipt what another has stored under a tree that holds it', async () => {
    const [first, second] = hubs;
    const { device, member } = await enrolled(second!.hubLog, 2);
    const push = await pushOf(device, [device.write()]);
    await first!.hubLog.push(member, push);
    // The second hub's memory of the tree ends before this entry.
    const { receipt } = await second!.hubLog.push(member, push);
    expect(receipt!.placements[0]!.index).toBeLessThan(receipt!.checkpoint.size);
  });
});
