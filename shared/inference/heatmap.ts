import type { AnalysisHeatmap } from '../api/analysis.ts';
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

/** Enlarges the grid to the image's pixels with the pipeline's own resampling. */
export function heatAtImageSize({ box, rows, columns, values }: AnalysisHeatmap): PixelHeat {
  const left = Math.round(box.x0);
  const top = Math.round(box.y0);
  const width = Math.max(1, Math.round(box.x1) - left);
  const height = Math.max(1, Math.round(box.y1) - top);
  const grid = { width: columns, height: rows, pixels: Float32Array.from(values) };
  return { left, top, width, height, values: resample(grid, width, height).pixels };
}
