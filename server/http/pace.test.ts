import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

/** Requests that compute for `costMs` each; in which turn of the loop each one began. */
async function turnsOf(requests: number, costMs: number): Promise<number[]> {
  let ms = 0;
  let turn = 0;
  const pace = createPace({ now: () => ms, nextTurn: async () => void turn++ });
  return Promise.all(
    Array.from({ length: requests }, async () => {
      await pace();
      ms += costMs;
      return turn;
    }),
  );
}

it('lets requests of a burst begin in order, and the event loop go round between them', async () => {
  const turns = await turnsOf(40, 1);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
  const perTurn = Map.groupBy(turns, (turn) => turn);
  expect(Math.max(...[...perTurn.values()].map(({ length }) => length))).toBeLessThanOrEqual(10);
  expect(perTurn.size).toBeGreaterThanOrEqual(4);
});

it('holds a request back for no more than a turn when it comes alone', async () => {
  expect(await turnsOf(1, 50)).toEqual([1]);
});

it('does not let small requests wait for each other', async () => {
  expect(new Set(await turnsOf(100, 0.01)).size).toBe(1);
});
