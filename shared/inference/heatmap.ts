import type { AnalysisFinding } from '../api/analysis.ts';
import type { Heatmap } from '../api/explanation.ts';
import { resample } from '../imaging/resample.ts';

/** The part of a heat map that falls on whole image pixels. */
export interface PixelHeat {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Row-major, 0 … 1. */
  readonly values: Float32Array;
}

/** Of the cells that spoke for the score, those above this share of them are all shown as the strongest. */
const saturatedFrom = 0.98;
/** Grids up to this size are smooth. */
const coarseCells = 400;

/**
 * The values as they are drawn, 0 … 1. A fine map has a few cells far above all others, next to which the rest of it would not
 * be seen: there the scale ends earlier.
 */
export function shownValues({ values }: Pick<Heatmap, 'values'>): Float32Array {
  const active = values.filter((value) => value > 0).toSorted((a, b) => a - b);
  const isFine = values.length > coarseCells && active.length > 0;
  const top = isFine ? active[Math.floor(saturatedFrom * (active.length - 1))]! : 1;
  return Float32Array.from(values, (value) => Math.min(1, value / top));
}

/** Enlarges the grid to the image's pixels with the pipeline's own resampling. */
export function heatAtImageSize(heatmap: Heatmap): PixelHeat {
  const { box, rows, columns } = heatmap;
  const left = Math.round(box.x0);
  const top = Math.round(box.y0);
  const width = Math.max(1, Math.round(box.x1) - left);
  const height = Math.max(1, Math.round(box.y1) - top);
  const grid = { width: columns, height: rows, pixels: shownValues(heatmap) };
  return { left, top, width, height, values: resample(grid, width, height).pixels };
}

/**
 * How strongly a map is shown, 0 … 1. Its values are relative to its own peak, so that without this the map of a healthy
 * film would glow as brightly as that of an ill one: below the operating point it fades with the score.
 */
export function heatStrength({ probability, operatingPoint }: AnalysisFinding): number {
  return operatingPoint.threshold > 0 ? Math.min(1, probability / operatingPoint.threshold) : 1;
}
