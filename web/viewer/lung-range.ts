import type { Analysis } from '../../shared/api/analysis.ts';
import type { PixelRegion, RegionStatistics, ValueRange } from '../../shared/imaging/pixel-values.ts';

type Outline = NonNullable<Analysis['lungs']>['outline'];

/** The rectangle around everything that is outlined. */
export function regionOfOutline(outline: Outline): PixelRegion | undefined {
  const points = outline.flat();
  if (points.length === 0) return undefined;
  const across = points.map(([x]) => x);
  const down = points.map(([, y]) => y);
  return {
    left: Math.floor(Math.min(...across)),
    top: Math.floor(Math.min(...down)),
    right: Math.ceil(Math.max(...across)) - 1,
    bottom: Math.ceil(Math.max(...down)) - 1,
  };
}

/** Two deviations to either side hold nearly everything between the ribs; metal and air beyond are cut off. */
export function rangeAround({ mean, deviation, min, max }: RegionStatistics): ValueRange | undefined {
  const low = Math.max(min, mean - 2 * deviation);
  const high = Math.min(max, mean + 2 * deviation);
  return low < high ? { low, high } : undefined;
}
