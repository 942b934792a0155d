import { describe, expect, it } from 'vitest';
import { aHeatmap } from '../tests/hub/analysis-builder.ts';
import { heatmapPixels, strengthAt } from './heatmap-pixels.ts';

const map = aHeatmap([0, 0.25, 0.5, 1]);

describe('strengthAt', () => {
  it.each([
    [0.5, 0.5, 0],
    [1.5, 0.5, 0.25],
    [0.5, 1.5, 0.5],
    [1.5, 1.5, 1],
  ])('is the cell’s own value at its centre (%d, %d)', (column, row, value) => {
    expect(strengthAt(map, column, row)).toBe(value);
  });

  it('is the mean of the four cells in their middle', () => {
    expect(strengthAt(map, 1, 1)).toBeCloseTo(0.4375, 12);
  });

  it('goes on unchanged from the outer centres to the edges', () => {
    expect([strengthAt(map, 0, 0), strengthAt(map, 2, 2), strengthAt(map, 2, 0)]).toEqual([0, 1, 0.25]);
  });

  it('can be asked of a map of one cell', () => {
    expect(strengthAt(aHeatmap([0.7], 1, 1), 0.2, 0.9)).toBe(0.7);
  });
});

describe('heatmapPixels', () => {
  const alphaOf = (pixels: Uint8ClampedArray): number[] => [...pixels].filter((_, index) => index % 4 === 3);

  it('leaves clear what the model did not use and covers what it used most', () => {
    expect(alphaOf(heatmapPixels(map, 2, 2))).toEqual([0, 102, 204, 255]);
  });

  it('ends in the brightest colour of the scale', () => {
    expect(Array.from(heatmapPixels(map, 2, 2).slice(12))).toEqual([253, 231, 37, 255]);
  });

  it('is clear all over when nothing spoke for the finding', () => {
    expect(alphaOf(heatmapPixels(aHeatmap([0, 0, 0, 0]), 2, 2))).toEqual([0, 0, 0, 0]);
  });
});
