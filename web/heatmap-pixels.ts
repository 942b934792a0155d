import type { AnalysisHeatmap } from '../shared/api/analysis.ts';
import { resample } from '../shared/imaging/resample.ts';
import { heatPalette } from '../shared/inference/heat-colours.ts';

/** RGBA, row-major, over the map's box; its peak has the opacity `strength`, and the page's slider sets that of the whole. */
export function heatmapPixels(
  { values, rows, columns }: AnalysisHeatmap,
  width: number,
  height: number,
  strength = 1,
): Uint8ClampedArray<ArrayBuffer> {
  const grid = { width: columns, height: rows, pixels: Float32Array.from(values) };
  const enlarged = resample(grid, width, height).pixels;
  const palette = heatPalette(strength);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let index = 0; index < enlarged.length; index += 1) {
    const entry = Math.round(enlarged[index]! * 255) * 4;
    pixels.set(palette.subarray(entry, entry + 4), index * 4);
  }
  return pixels;
}
