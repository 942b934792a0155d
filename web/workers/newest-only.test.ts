import { expect, it } from 'vitest';
import { newestOnly } from './newest-only.ts';

function recorder() {
  const done: number[] = [];
  const runs: (() => void)[] = [];
  const ask = newestOnly(
    (request: number) => {
      if (request < 0) throw new TypeError('negative');
      done.push(request);
    },
    (run) => runs.push(run),
  );
  return { done, ask, runAll: () => runs.splice(0).forEach((run) => run()) };
}

it('skips what was overtaken, and settles it with the rest', async () => {
  const { done, ask, runAll } = recorder();
  const asked = [ask(1), ask(2), ask(3)];
  runAll();
  await Promise.all(asked);
  expect(done).toEqual([3]);
});

it('begins anew after each run', async () => {
  const { done, ask, runAll } = recorder();
  const first = ask(1);
  runAll();
  const second = ask(2);
  runAll();
  await Promise.all([first, second]);
  expect(done).toEqual([1, 2]);
});

it('goes on after a request that failed', async () => {
  const { done, ask, runAll } = recorder();
  const bad = ask(-1);
  runAll();
  await expect(bad).rejects.toThrow(TypeError);
  const good = ask(4);
  runAll();
  await good;
  expect(done).toEqual([4]);
});
