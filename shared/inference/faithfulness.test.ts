import { expect, it } from 'vitest';
import { seededRandom } from '../kernel/seeded-random.ts';
import type { StandardisedPicture } from './baseline.ts';
import { faithfulness } from './faithfulness.ts';

/** A picture with one bright spot, and a score that looks at nothing else. */
const side = 16;
const inSpot = (index: number): boolean =>
  index % side >= 8 && index % side < 12 && index >= side * 4 && index < side * 8;
const values = Float32Array.from({ length: side * side }, (_, index) =>
  inSpot(index) ? 2 : Math.sin(index) * 0.1,
);
const picture: StandardisedPicture = { rows: side, columns: side, values, black: -1 };
const scoreOf = async (seen: Float32Array): Promise<number> =>
  seen.reduce((sum, value, index) => sum + (inSpot(index) ? value : 0), 0);

const mapWhere = (marked: (x: number, y: number) => boolean) => ({
  rows: 8,
  columns: 8,
  values: Float32Array.from({ length: 64 }, (_, cell) => (marked(cell % 8, Math.floor(cell / 8)) ? 1 : 0)),
});

it('tells a map that marks the spot from one that marks another', async () => {
  const right = await faithfulness(
    picture,
    mapWhere((x, y) => x >= 4 && x < 6 && y >= 2 && y < 4),
    scoreOf,
  );
  const wrong = await faithfulness(
    picture,
    mapWhere((x, y) => x < 2 && y >= 6),
    scoreOf,
  );
  expect(right.betterThanRandom).toBe(true);
  expect(wrong.betterThanRandom).toBe(false);
  expect(right.deletion.map).toBeLessThan(wrong.deletion.map);
  expect(right.insertion.map).toBeGreaterThan(wrong.insertion.map);
});

it('seldom praises a random map, and never one that is the same everywhere', async () => {
  const random = seededRandom(99);
  let praised = 0;
  for (let count = 0; count < 100; count += 1) {
    const map = { rows: 8, columns: 8, values: Float32Array.from({ length: 64 }, () => random()) };
    if ((await faithfulness(picture, map, scoreOf)).betterThanRandom) praised += 1;
  }
  // One in ten by chance.
  expect(praised).toBeLessThan(20);
  expect(
    (
      await faithfulness(
        picture,
        mapWhere(() => true),
        scoreOf,
      )
    ).betterThanRandom,
  ).toBe(false);
});

it('does not praise an empty map', async () => {
  const found = await faithfulness(
    picture,
    mapWhere(() => false),
    scoreOf,
  );
  expect(Math.abs(found.deletion.map - found.deletion.random)).toBeLessThan(0.5 * found.deletion.random);
});

it('gives the same each time', async () => {
  const map = mapWhere((x) => x > 3);
  expect(await faithfulness(picture, map, scoreOf)).toEqual(await faithfulness(picture, map, scoreOf));
});
