import type { Heatmap } from '../../shared/api/explanation.ts';
import { resample } from '../../shared/imaging/resample.ts';
import { heatPalette } from '../../shared/inference/heat-colours.ts';
import { shownValues } from '../../shared/inference/heatmap.ts';

/** RGBA, row-major, over the map's box; its peak has the opacity `strength`, and the page's slider sets that of the whole. */
export function heatmapPixels(
  heatmap: Heatmap,
  width: number,
  height: number,
  strength = 1,
): Uint8ClampedArray<ArrayBuffer> {
  const { rows, columns } = heatmap;
  const grid = { width: columns, height: rows, pixels: shownValues(heatmap) };
  const enlarged = resample(grid, width, height).pixels;
  const palette = new Uint32Array(heatPalette(strength).buffer);
  const words = new Uint32Array(width * height);
  for (let index = 0; index < words.length; index += 1) {
    words[index] = palette[Math.round(enlarged[index]! * 255)]!;
  }
  return new Uint8ClampedArray(words.buffer);
}
