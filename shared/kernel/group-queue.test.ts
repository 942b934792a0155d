import { describe, expect, it } from 'vitest';
import { createGroupQueue, type GroupQueueOptions } from './group-queue.ts';

/** A queue whose groups run when the test says so. */
function heldQueue(options: Partial<GroupQueueOptions<string, string>> = {}) {
  const groups: string[][] = [];
  const turns: PromiseWithResolvers<void>[] = [];
  const queue = createGroupQueue<string, string>({
    async run(items) {
      groups.push([...items]);
      const turn = Promise.withResolvers<void>();
      turns.push(turn);
      await turn.promise;
      return items.map((item) => `${item}!`);
    },
    sizeOf: (item) => item.length,
    mostSize: 4,
    ...options,
  });
  return { queue, groups, turns };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Promise.resolve();
}

describe('createGroupQueue', () => {
  it('runs together what waits together, one group after the other', async () => {
    const { queue, groups, turns } = heldQueue();
    const first = queue.submit('a');
    await until(() => groups.length === 1);
    const others = ['b', 'c', 'd'].map((item) => queue.submit(item));
    turns[0]!.resolve();
    expect(await first).toBe('a!');
    await until(() => groups.length === 2);
    turns[1]!.resolve();
    expect(await Promise.all(others)).toEqual(['b!', 'c!', 'd!']);
    expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('begins another group where one would grow too large, and lets a single large item through', async () => {
    const { queue, groups } = heldQueue({
      run: async (items) => {
        groups.push([...items]);
        return items;
      },
    });
    const items = ['aa', 'bb', 'c', 'dddddd', 'e'];
    expect(await Promise.all(items.map((item) => queue.submit(item)))).toEqual(items);
    expect(groups).toEqual([['aa', 'bb'], ['c'], ['dddddd'], ['e']]);
  });

  it('fails a group for its own members only', async () => {
    const queue = createGroupQueue<string, string>({
      run: async (items) => {
        if (items.includes('bad')) throw new Error('no');
        return items;
      },
      sizeOf: () => 1,
      mostSize: 2,
    });
    const settled = await Promise.allSettled(['bad', 'x', 'y', 'z'].map((item) => queue.submit(item)));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('lets others join while it breathes', async () => {
    const breath = Promise.withResolvers<void>();
    const { queue, groups, turns } = heldQueue({ breathe: () => breath.promise });
    const all = [queue.submit('a')];
    await Promise.resolve();
    all.push(queue.submit('b'));
    breath.resolve();
    await until(() => groups.length === 1);
    turns[0]!.resolve();
    expect(await Promise.all(all)).toEqual(['a!', 'b!']);
    expect(groups).toEqual([['a', 'b']]);
  });

  it('begins the next group early where one waits and the group lets it', async () => {
    const groups: string[] = [];
    const lets: (() => boolean)[] = [];
    const turns: PromiseWithResolvers<void>[] = [];
    const queue = createGroupQueue<string, string>({
      async run(items, letNext) {
        groups.push(items.join(''));
        lets.push(letNext);
        const turn = Promise.withResolvers<void>();
        turns.push(turn);
        await turn.promise;
        return items;
      },
      sizeOf: () => 1,
      mostSize: 1,
    });
    const first = queue.submit('a');
    await until(() => groups.length === 1);
    expect(lets[0]!()).toBe(false);
    const others = ['b', 'c'].map((item) => queue.submit(item));
    expect(lets[0]!()).toBe(true);
    await until(() => groups.length === 2);
    turns[1]!.resolve();
    expect(await others[0]).toBe('b');
    await until(() => groups.length === 3);
    let isIdle = false;
    const idle = queue.idle().then(() => (isIdle = true));
    turns[2]!.resolve();
    expect(await others[1]).toBe('c');
    expect(isIdle).toBe(false);
    turns[0]!.resolve();
    expect(await first).toBe('a');
    await idle;
  });

  it('is idle when the last group has ended, whether or not it failed', async () => {
    const ran: string[] = [];
    const queue = createGroupQueue<string, string>({
      run: async (items) => {
        ran.push(...items);
        throw new Error('no');
      },
      sizeOf: () => 1,
      mostSize: 1,
    });
    const all = Promise.allSettled([queue.submit('a'), queue.submit('b')]);
    await queue.idle();
    expect(ran).toEqual(['a', 'b']);
    await all;
    await queue.idle();
  });

  it('refuses outcomes that do not belong to the items', async () => {
    const queue = createGroupQueue<string, string>({ run: async () => [], sizeOf: () => 1, mostSize: 9 });
    await expect(queue.submit('a')).rejects.toThrow(TypeError);
  });
});
