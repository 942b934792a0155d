import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { checkpointMessage } from '../../shared/log/checkpoint.ts';
import type { Database } from '../../server/store/database.ts';
import type { Member } from '../../server/store/hub-log-api.ts';
import { type Hub, hubUnderTest, type OpenDatabase } from './hub-under-test.ts';
import { clinic, openHubLog, pullAll } from './open-hub-log.ts';

/** What the hub's side of the log does when another process writes, or when it was restored from a copy, on every database. */
export function hubRestoresContract(name: string, open: OpenDatabase): void {
  describe(`the hub's log ${name}, restored or shared`, () => {
    const { another, headOnly, push, ...under } = hubUnderTest(open);
    let database: Database;
    let hub: Hub;
    let member: Member;
    beforeAll(() => {
      ({ database, hub, member } = under.opened());
    });

    it('goes on where another process stopped, on a chain of its own', async () => {
      const second = await openHubLog(database);
      await second.hubLog.append(clinic, [
        { kind: 'audit.tested', entity: 'second', actor: 'hub', body: null },
      ]);
      await hub.hubLog.append(clinic, [{ kind: 'audit.tested', entity: 'first', actor: 'hub', body: null }]);
      const both = Array.from({ length: 6 }, (_, at) =>
        [hub, second][at % 2]!.hubLog.append(clinic, [
          { kind: 'audit.tested', entity: 'both', actor: 'hub', body: null },
        ]),
      );
      const places = (await Promise.all(both)).flat().map(({ index }) => index);
      expect(new Set(places).size).toBe(6);
      expect(second.hubLog.rootKey()).toBe(hub.hubLog.rootKey());
    });

    it('notices that it was restored from a copy, draws a new epoch once and keeps its order', async () => {
      const { checkpoint } = await headOnly(null);
      const unsigned = { ...checkpoint, size: checkpoint.size + 5 };
      const sig = toBase64Url(await hub.parts.rootKey.sign(checkpointMessage(unsigned)));
      const ahead = { ...unsigned, sig };
      expect((await headOnly({ ...ahead, sig: checkpoint.sig })).epoch).toBe(checkpoint.epoch);
      const [first, second] = await Promise.all([headOnly(ahead), headOnly(ahead)]);
      expect(first.epoch).not.toBe(checkpoint.epoch);
      expect(second.epoch).toBe(first.epoch);
      expect((await headOnly(checkpoint)).epoch).toBe(first.epoch);
      const { answers } = await pullAll(hub.hubLog, member);
      const told = answers
        .flatMap(({ entries }) => entries)
        .filter(({ entry }) => entry.kind === 'audit.rolled-back');
      expect(told.length).toBe(1);
    });

    it('notices it by a checkpoint of a tree that it has, if it does not remember just that one', async () => {
      const { checkpoint } = await headOnly(null);
      const later = { ...checkpoint, at: checkpoint.at + 1 };
      const sig = toBase64Url(await hub.parts.rootKey.sign(checkpointMessage(later)));
      expect((await headOnly(checkpoint)).epoch).toBe(checkpoint.epoch);
      expect((await headOnly({ ...later, sig })).epoch).not.toBe(checkpoint.epoch);
    });

    it('signs another checkpoint for bodies that come later, in the same moment too', async () => {
      const own = await another();
      const written = [own.write()];
      await push(own, written, { bodies: [] });
      const before = (await headOnly(null)).checkpoint;
      const { receipt } = await push(own, written);
      expect(receipt!.checkpoint).toMatchObject({ size: before.size, root: before.root });
      expect(receipt!.checkpoint.at).toBeGreaterThan(before.at);
      const more = [own.write()];
      await push(own, more, { bodies: [] });
      const both = await push(own, [...more, own.write()]);
      expect(both.receipt!.checkpoint.at).toBeGreaterThan(receipt!.checkpoint.at);
      expect((await headOnly(both.receipt!.checkpoint)).epoch).toBe(before.epoch);
    });

    it('notices it by an epoch that it signed and does not remember, and before it takes a push', async () => {
      const { checkpoint } = await headOnly(null);
      const sign = async (unsigned: Omit<typeof checkpoint, 'sig'>) => ({
        ...unsigned,
        sig: toBase64Url(await hub.parts.rootKey.sign(checkpointMessage(unsigned))),
      });
      const forgotten = await sign({ ...checkpoint, epoch: 'f'.repeat(32) });
      const { epoch } = await headOnly(forgotten);
      expect(epoch).not.toBe(checkpoint.epoch);
      // One that it does remember belongs to a client that has been away.
      expect((await headOnly(checkpoint)).epoch).toBe(epoch);
      const own = await another();
      const now = (await headOnly(null)).checkpoint;
      const ahead = await sign({ ...now, size: now.size + 5 });
      const answer = await push(own, [own.write({})], { verified: ahead });
      expect(answer.epoch).not.toBe(epoch);
      expect(answer.stored.length).toBe(1);
    });
  });
}
