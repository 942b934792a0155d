import { labelComponents } from './label-components.ts';

export interface KeptComponents {
  /** 1 in the parts that were kept, else 0. */
  readonly mask: Uint8Array;
  /** Cells of each part that was kept, the largest first. */
  readonly areas: readonly number[];
}

/**
 * Keeps the 4-connected parts of `mask` (row-major, non-zero = inside) whose area is at least `minShare` of the largest
 * part's.
 */
export function keepLargeComponents(mask: Uint8Array, width: number, minShare: number): KeptComponents {
  const { labels, areas } = labelComponents(mask, width);
  const smallest = Math.max(...areas) * minShare;
  return {
    mask: Uint8Array.from(labels, (label) => (label !== 0 && areas[label]! >= smallest ? 1 : 0)),
    areas: areas.filter((area) => area > 0 && area >= smallest).toSorted((a, b) => b - a),
  };
}
