import { describe, expect, it } from 'vitest';
import { aHeatmap } from '../../tests/fixtures/analysis-builder.ts';
import { heatmapPixels } from './heatmap-pixels.ts';

const map = aHeatmap([0, 0.25, 0.5, 1]);

describe('heatmapPixels', () => {
  const alphaOf = (pixels: Uint8ClampedArray): number[] => [...pixels].filter((_, index) => index % 4 === 3);

  it('leaves clear what the model did not use and covers what it used most', () => {
    // (value − 0.1) / 0.6 of 255, after the value is rounded to 255ths.
    expect(alphaOf(heatmapPixels(map, 2, 2))).toEqual([0, 64, 171, 255]);
  });

  it('ends in the brightest colour of the scale', () => {
    expect(Array.from(heatmapPixels(map, 2, 2).slice(12))).toEqual([253, 231, 37, 255]);
  });

  it('enlarges smoothly', () => {
    const alphas = alphaOf(heatmapPixels(map, 40, 40)).slice(39 * 40);
    expect(alphas.toSorted((a, b) => a - b)).toEqual(alphas);
    expect(new Set(alphas).size).toBeGreaterThanOrEqual(8);
  });

  it('is clear all over when nothing spoke for the finding', () => {
    expect(alphaOf(heatmapPixels(aHeatmap([0, 0, 0, 0]), 2, 2))).toEqual([0, 0, 0, 0]);
  });
});
