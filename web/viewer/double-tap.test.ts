import { expect, it } from 'vitest';
import { createDoubleTap } from './double-tap.ts';

type Touch = readonly [x: number, downMs: number, upMs: number, moved?: number];

/** Whether any of the taps was taken for the second of two. */
function isDouble(...touches: readonly Touch[]): boolean {
  const doubleTap = createDoubleTap();
  return touches
    .map(([x, downMs, upMs, moved = 0]) => {
      doubleTap.down({ x, y: 50 }, downMs, true);
      return doubleTap.up({ x: x + moved, y: 50 }, upMs);
    })
    .includes(true);
}

it('knows two quick taps in one place', () => {
  expect(isDouble([10, 0, 80], [14, 200, 270])).toBe(true);
});

it.each<[string, readonly Touch[]]>([
  ['a single tap', [[10, 0, 80]]],
  [
    'two taps with a pause',
    [
      [10, 0, 80],
      [10, 600, 650],
    ],
  ],
  [
    'two taps far apart',
    [
      [10, 0, 80],
      [90, 200, 270],
    ],
  ],
  [
    'a drag and a tap',
    [
      [10, 0, 80, 30],
      [10, 200, 270],
    ],
  ],
  [
    'two long presses',
    [
      [10, 0, 500],
      [10, 600, 1100],
    ],
  ],
])('does not take %s for a double tap', (_, touches) => {
  expect(isDouble(...touches)).toBe(false);
});

it('takes three taps for one double tap', () => {
  const doubleTap = createDoubleTap();
  const outcomes = [0, 150, 300].map((at) => {
    doubleTap.down({ x: 0, y: 0 }, at, true);
    return doubleTap.up({ x: 0, y: 0 }, at + 50);
  });
  expect(outcomes).toEqual([false, true, false]);
});

it('forgets a tap when a second finger comes down', () => {
  const doubleTap = createDoubleTap();
  doubleTap.down({ x: 0, y: 0 }, 0, true);
  doubleTap.down({ x: 40, y: 0 }, 20, false);
  expect(doubleTap.up({ x: 0, y: 0 }, 60)).toBe(false);
  expect(doubleTap.up({ x: 40, y: 0 }, 70)).toBe(false);
});
