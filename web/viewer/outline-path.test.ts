import { expect, it } from 'vitest';
import { outlinePath } from './outline-path.ts';

it('closes every ring', () => {
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
  ] as const;
  const hole = [
    [1, 1],
    [2, 1],
    [2, 2],
  ] as const;
  expect(outlinePath([square, hole])).toBe('M0 0L4 0L4 4ZM1 1L2 1L2 2Z');
});

it('is empty where there are no lungs', () => {
  expect(outlinePath([])).toBe('');
});
