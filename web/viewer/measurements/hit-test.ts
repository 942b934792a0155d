import type { Point } from '../view-transform.ts';
import { distanceToLine, lengthOn, squareGrid } from './geometry.ts';
import type { Measurement } from './measurement.ts';

/** What of a measurement is meant: all of it, or one of its points by its place in the list. */
export type Part = 'whole' | number;

export interface Hit {
  readonly id: number;
  readonly part: Part;
}

function linesOf({ kind, points }: Measurement): readonly (readonly [Point, Point])[] {
  const [a, b, c] = points;
  if (a === undefined) return [];
  if (b === undefined) return [[a, a]];
  if (kind !== 'rectangle')
    return c === undefined
      ? [[a, b]]
      : [
          [a, b],
          [b, c],
        ];
  const right = { x: b.x, y: a.y };
  const below = { x: a.x, y: b.y };
  return [
    [a, right],
    [right, b],
    [b, below],
    [below, a],
  ];
}

/**
 * What lies under the pointer: points before lines, and what was drawn last before what lies under it.
 * @param reach in pixels of the picture
 */
export function hitTest(items: readonly Measurement[], point: Point, reach: number): Hit | undefined {
  const fromTop = items.toReversed();
  for (const { id, points } of fromTop) {
    const near = points.findIndex((each) => lengthOn(squareGrid, each, point) <= reach);
    if (near >= 0) return { id, part: points.length === 1 ? 'whole' : near };
  }
  const found = fromTop.find((item) =>
    linesOf(item).some(([from, to]) => distanceToLine(point, from, to) <= reach),
  );
  return found && { id: found.id, part: 'whole' };
}
