import { describe, expect, it } from 'vitest';
import { openTimeKeeper } from './time-keeper.ts';

function clocks(startMs: number) {
  let [wall, monotonic] = [startMs, 0];
  let kept: { at: number } | undefined;
  const item = { read: async () => kept, write: async (value: { at: number }) => void (kept = value) };
  return {
    set: (ms: number) => void (wall = ms),
    pass: (ms: number) => void ([wall, monotonic] = [wall + ms, monotonic + ms]),
    lose: () => void (kept = undefined),
    start: () => openTimeKeeper({ item, wall: () => wall, monotonic: () => monotonic }),
  };
}

describe('the time that counts', () => {
  it('is the clock’s, as long as that goes forward', async () => {
    const world = clocks(1_000_000);
    const keeper = await world.start();
    expect(keeper.now()).toBe(Infinity);
    await keeper.learn(1_000_000);
    world.pass(5000);
    expect(keeper.now()).toBe(1_005_000);
  });

  it('does not go back with the clock, neither now nor after a restart', async () => {
    const world = clocks(1_000_000);
    const keeper = await world.start();
    await keeper.learn(1_000_000);
    world.pass(60_000);
    world.set(0);
    world.pass(1000);
    expect(keeper.now()).toBe(1_061_000);
    await keeper.keep();
    const again = await world.start();
    world.set(0);
    world.pass(2000);
    expect(again.now()).toBe(1_063_000);
  });

  it('follows a clock that runs ahead, and the hub once it has told the time', async () => {
    const world = clocks(1_000_000);
    const keeper = await world.start();
    await keeper.learn(1_000_000);
    world.set(9_000_000);
    await keeper.keep();
    world.set(1_000_000);
    expect((await world.start()).now()).toBe(9_000_000);
    const healed = await world.start();
    await healed.learn(1_000_000);
    expect(healed.now()).toBe(1_000_000);
  });

  it('is the end of all times where what was kept is gone', async () => {
    const world = clocks(1_000_000);
    await (await world.start()).learn(1_000_000);
    world.lose();
    expect((await world.start()).now()).toBe(Infinity);
  });
});
