import { expect, it } from 'vitest';
import { rangeAround, regionOfOutline } from './lung-range.ts';

const left: [number, number][] = [
  [10, 20],
  [30.5, 22],
  [28, 60.2],
];
const right: [number, number][] = [
  [50, 18],
  [70, 55],
];

it('frames both lungs', () => {
  expect(regionOfOutline([left, right])).toEqual({ left: 10, top: 18, right: 69, bottom: 60 });
  expect(regionOfOutline([])).toBeUndefined();
});

it('makes a grey scale of the values in it, within what there is', () => {
  const values = { mean: 100, deviation: 20, min: 0, max: 130, count: 9 };
  expect(rangeAround(values)).toEqual({ low: 60, high: 130 });
  expect(rangeAround({ ...values, deviation: 0 })).toBeUndefined();
});
