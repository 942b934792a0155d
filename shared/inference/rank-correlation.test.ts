import { expect, it } from 'vitest';
import { rankCorrelation } from './rank-correlation.ts';

it.each<[string, number[], number[], number]>([
  ['the same order', [1, 2, 5, 9], [10, 20, 21, 300], 1],
  ['the opposite order', [1, 2, 5, 9], [4, 3, 2, 1], -1],
  // Ranks 0.5 0.5 2 3 against 0 1 2 3: 4.5 / √(4.5 · 5)
  ['ties', [0, 0, 1, 2], [1, 2, 3, 4], 4.5 / Math.sqrt(4.5 * 5)],
  ['no order at all', [3, 3, 3], [1, 2, 3], 0],
])('of %s', (_, a, b, expected) => {
  expect(rankCorrelation(a, b)).toBeCloseTo(expected, 12);
});
