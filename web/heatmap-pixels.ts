import type { AnalysisHeatmap } from '../shared/api/analysis.ts';

/** Stops of viridis (Smith and van der Walt 2015): monotonic in lightness and legible with every colour vision. */
const viridis = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

type Colour = readonly [red: number, green: number, blue: number];

function colourOf(strength: number): Colour {
  const position = Math.min(1, Math.max(0, strength)) * (viridis.length - 1);
  const lower = Math.min(viridis.length - 2, Math.floor(position));
  const share = position - lower;
  const from = viridis[lower]!;
  const to = viridis[lower + 1]!;
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** The grid's value at a point given in cells, between cell centres (which lie at .5); beyond the outer centres it is constant. */
export function strengthAt({ values, rows, columns }: AnalysisHeatmap, column: number, row: number): number {
  const x = Math.min(columns - 1, Math.max(0, column - 0.5));
  const y = Math.min(rows - 1, Math.max(0, row - 0.5));
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const x1 = Math.min(columns - 1, x0 + 1);
  const y1 = Math.min(rows - 1, y0 + 1);
  const at = (cellX: number, cellY: number): number => values[cellY * columns + cellX] ?? 0;
  const top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * (x - x0);
  const bottom = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * (x - x0);
  return top + (bottom - top) * (y - y0);
}

/**
 * RGBA, row-major, over the map's box. Weak parts are transparent, so that they do not veil the picture.
 */
export function heatmapPixels(
  heatmap: AnalysisHeatmap,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const row = ((y + 0.5) / height) * heatmap.rows;
    for (let x = 0; x < width; x += 1) {
      const strength = strengthAt(heatmap, ((x + 0.5) / width) * heatmap.columns, row);
      pixels.set([...colourOf(strength), 255 * Math.min(1, strength * 1.6)], (y * width + x) * 4);
    }
  }
  return pixels;
}
