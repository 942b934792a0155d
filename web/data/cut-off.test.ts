import { expect, it } from 'vitest';
import { cutOff } from './cut-off.ts';

const link = (h: string, n: number, prev: string | null, device = 'd') => ({ h, n, device, entry: { prev } });

it.each([
  ['nothing', [], []],
  ['none of a whole chain', [link('b', 2, 'a'), link('c', 3, 'b')], []],
  ['none of one from its beginning', [link('a', 1, null), link('b', 2, 'a')], []],
  ['all behind a gap', [link('e', 5, 'd'), link('b', 2, 'a'), link('d', 4, 'c')], ['d', 'e']],
  ['none of another chain', [link('b', 2, 'a'), link('d', 4, 'c'), link('z', 9, 'y', 'other')], ['d']],
  ['neither side of a fork', [link('b', 2, 'a'), link('c', 3, 'b'), link('x', 3, 'b')], []],
])('%s is cut off', (_, queued, behind) => {
  expect([...cutOff(queued)]).toEqual(behind);
});
