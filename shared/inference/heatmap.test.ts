import { expect, it } from 'vitest';
import { aFinding, aHeatmap } from '../../tests/fixtures/analysis-builder.ts';
import { heatAtImageSize, heatStrength, shownValues } from './heatmap.ts';

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

it('shows the rest of a fine map beside a few cells far above it, and leaves a coarse map as it is', () => {
  const fine = Array.from({ length: 1600 }, (_, cell) => (cell < 4 ? 1 : cell < 800 ? 0.1 : 0));
  const shown = shownValues({ values: fine });
  expect([shown[0], shown[100], shown[900]]).toEqual([1, 1, 0]);
  expect(shownValues({ values: [0, 0.25, 0.5, 1] })).toEqual(Float32Array.of(0, 0.25, 0.5, 1));
  expect(shownValues({ values: fine.map(() => 0) }).every((value) => value === 0)).toBe(true);
});
