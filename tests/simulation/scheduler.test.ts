import { describe, expect, it } from 'vitest';
import { Dice } from '../property/dice.ts';
import { Journal } from './journal.ts';
import { Life, Scheduler } from './scheduler.ts';

const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function world(seed: number) {
  const journal = new Journal();
  return { journal, scheduler: new Scheduler(new Dice(seed), journal, rest) };
}

/** Two tasks that each wait three times, all at the same moments. */
async function interleaving(seed: number): Promise<{ order: string; digest: string }> {
  const { journal, scheduler } = world(seed);
  let order = '';
  for (const name of ['a', 'b', 'c']) {
    const life = new Life(name);
    scheduler.start(async () => {
      for (let round = 0; round < 3; round++) {
        await scheduler.wait(life, 10, 'goes on');
        order += name;
      }
    });
  }
  await scheduler.run(() => false);
  return { order, digest: journal.digest('') };
}

describe('the scheduler', () => {
  it('lets the seed alone decide who goes first', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const first = await interleaving(seed);
      expect(await interleaving(seed)).toEqual(first);
      orders.add(first.order);
    }
    expect(orders.size).toBeGreaterThan(10);
  });

  it('goes on in the order of virtual time', async () => {
    const { scheduler } = world(1);
    const seen: number[] = [];
    const life = new Life('one');
    for (const ms of [50, 10, 86_400_000, 10, 0]) {
      scheduler.start(async () => {
        await scheduler.wait(life, ms, 'waits');
        seen.push(scheduler.now);
      });
    }
    await scheduler.run(() => false);
    expect(seen).toEqual([0, 10, 10, 50, 86_400_000]);
  });

  it('never lets the dead go on, and tells who waits for their end', async () => {
    const { scheduler } = world(1);
    const life = new Life('one');
    let ended = 0;
    let steps = 0;
    life.onDeath(() => (ended += 1));
    life.diesIn = 3;
    scheduler.start(async () => {
      for (;;) {
        await scheduler.wait(life, 1, 'steps');
        steps += 1;
      }
    });
    await scheduler.run(() => false);
    expect({ steps, ended, alive: life.alive }).toEqual({ steps: 2, ended: 1, alive: false });
  });

  it('ends with what a task threw', async () => {
    const { scheduler } = world(1);
    scheduler.start(async () => {
      await scheduler.wait(new Life('one'), 1, 'waits');
      throw new TypeError('broken');
    });
    await expect(scheduler.run(() => false)).rejects.toThrow('broken');
  });
});
