import { expect, it } from 'vitest';
import { aFinding, aHeatmap } from '../../tests/fixtures/analysis-builder.ts';
import { heatAtImageSize, heatStrength } from './heatmap.ts';

it('enlarges the grid to the pixels of its box', () => {
  const { left, top, width, height, values } = heatAtImageSize(aHeatmap([0, 0, 0, 1]));
  expect({ left, top, width, height }).toEqual({ left: 10, top: 20, width: 80, height: 60 });
  expect(values).toHaveLength(80 * 60);
  expect(values[0]).toBe(0);
  expect(values.at(-1)).toBe(1);
});

it('fades the map of a film below the operating point', () => {
  expect(heatStrength(aFinding({ probability: 0.9 }))).toBe(1);
  expect(heatStrength(aFinding({ probability: 0.5 }))).toBe(1);
  expect(heatStrength(aFinding({ probability: 0.05 }))).toBeCloseTo(0.1, 12);
});
