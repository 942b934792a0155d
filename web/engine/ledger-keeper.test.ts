import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import { type LossSummary, noteUnsynced, type Unsynced } from '../../shared/log/ledger.ts';
import { readLedger } from '../../shared/log/read-ledger.ts';
import { keepLedger, type LedgerKeeper, ledgerName } from './ledger-keeper.ts';
import { createObservable } from './observable.ts';
import type { RecordsStatus } from './records-api.ts';

const nameOf = (n: number): string => n.toString(16).padStart(64, '0');
const note = (device: string, version: number, count: number): Unsynced => {
  const names = Array.from(
    { length: count },
    (_, n) => [nameOf(n), n + 1, 1000 + n, 'review.added'] as const,
  );
  const facts = {
    device: device.repeat(32),
    version,
    at: 2000,
    count,
    pictures: 0,
    sizes: [count, count, 1] as const,
    from: 1,
  };
  return noteUnsynced(
    { ...facts, ...(count > 0 && { oldest: names[0]! }) },
    { 'review.added': count },
    names,
  );
};

describe('the keeper of the ledger', () => {
  const open: RecordsStatus = { vault: 'open', sync: { state: 'settled', at: 1 } };
  let kept: Map<string, string>;
  let said: Unsynced;
  let missing: LossSummary;
  let distrusted: number;
  let asked: number;
  let isOnline: boolean;
  let earlierAt: number | undefined;
  let pauses: (() => void)[];
  let queue: ReturnType<typeof createSerialQueue>;

  beforeEach(() => {
    kept = new Map();
    [distrusted, asked] = [0, 0];
    missing = { count: 0, kinds: {} };
    pauses = [];
    earlierAt = undefined;
    isOnline = true;
    queue = createSerialQueue();
  });

  const status = createObservable<RecordsStatus | undefined>(undefined);
  const keeper = (): LedgerKeeper =>
    keepLedger({
      records: {
        status,
        unsynced: async () => {
          asked++;
          return said;
        },
        stillMissing: async () => missing,
        distrust: async () => void distrusted++,
        async namesakeHeardAt() {
          if (isOnline) return earlierAt;
          throw new AppError('network.unreachable', 'the cable is out');
        },
      },
      storage: () => ({
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, text) => void kept.set(name, text),
      }),
      exclusively: (_, work) => queue.run(work),
      pause: () => new Promise((resolve) => pauses.push(resolve)),
    });
  const inStorage = () => readLedger(kept.get(ledgerName) ?? null);
  const done = () => queue.run(async () => undefined);

  it('notes what the store says whenever the status changes, once for many changes', async () => {
    const { ledger } = keeper();
    said = note('a', 1, 2);
    for (let count = 0; count < 20; count++) status.set(open);
    await done();
    expect(inStorage()?.unsynced.count).toBe(2);
    expect(ledger.getSnapshot()).toEqual(inStorage());
    expect(asked).toBe(1);
    said = note('a', 2, 3);
    pauses[0]!();
    await expect.poll(() => inStorage()?.unsynced.count).toBe(3);
    expect(asked).toBe(2);
  });

  it('asks nothing of records that are locked or damaged, and keeps what it knows of them', async () => {
    said = note('a', 5, 2);
    const { look } = keeper();
    status.set(open);
    await done();
    said = note('a', 6, 0);
    for (const other of [
      { ...open, vault: 'locked' },
      { ...open, damage: 'records-damaged' },
    ] as const) {
      status.set(other);
      look();
      await done();
    }
    expect(inStorage()?.unsynced.count).toBe(2);
  });

  it('says of a store that is earlier than what was noted of it that it is damaged', async () => {
    said = note('a', 5, 2);
    const { look } = keeper();
    status.set(open);
    await done();
    said = note('a', 4, 0);
    look();
    await done();
    expect([distrusted, inStorage()?.unsynced.count]).toEqual([1, 2]);
  });

  it('names what was lost once everything is here, until a person has read it', async () => {
    said = note('a', 5, 3);
    const { look, confirmLoss, ledger } = keeper();
    status.set(open);
    await done();
    said = note('b', 0, 0);
    missing = { count: 2, kinds: { 'review.added': 2 } };
    status.set({ ...open, sync: { state: 'resting' } });
    look();
    await done();
    expect(inStorage()?.lost).toMatchObject({ noted: { count: 3 } });
    expect(inStorage()?.lost).not.toHaveProperty('missing');
    status.set(open);
    look();
    await done();
    expect(inStorage()?.lost?.missing).toEqual(missing);
    // Another device brings one of them.
    missing = { count: 1, kinds: { 'review.added': 1 } };
    look();
    await done();
    expect(ledger.getSnapshot()?.lost?.missing?.count).toBe(1);
    await confirmLoss();
    expect(inStorage()).not.toHaveProperty('lost');
  });

  it('says since when things may be missing where nothing was left, until a person has read it', async () => {
    earlierAt = 77;
    said = note('a', 5, 0);
    const { look, confirmLoss } = keeper();
    status.set({ ...open, sync: { state: 'resting' } });
    await done();
    expect(inStorage()).not.toHaveProperty('earlierAt');
    isOnline = false;
    said = note('a', 6, 2);
    status.set(open);
    look();
    await done();
    expect(inStorage()).toMatchObject({ isFirst: true, unsynced: { count: 2 } });
    isOnline = true;
    look();
    await done();
    expect(inStorage()?.earlierAt).toBe(77);
    await confirmLoss();
    look();
    await done();
    expect(inStorage()).not.toHaveProperty('earlierAt');
  });

  it('does without a storage that is forbidden', async () => {
    said = note('a', 5, 3);
    const { ledger, look } = keepLedger({
      records: {
        status,
        unsynced: async () => said,
        stillMissing: async () => missing,
        distrust: async () => undefined,
        namesakeHeardAt: async () => undefined,
      },
      storage: () => {
        throw new Error('SecurityError');
      },
      exclusively: (_, work) => queue.run(work),
      pause: async () => undefined,
    });
    status.set(open);
    look();
    await done();
    expect(ledger.getSnapshot()?.unsynced.count).toBe(3);
  });
});
