import type { PixelSpacing } from '../../../shared/imaging/pixel-spacing.ts';
import type { Point } from '../view-transform.ts';

/** How far it is from column to column and from row to row, in whatever unit. */
export type Grid = Pick<PixelSpacing, 'rowMm' | 'columnMm'>;

/** Lengths in pixels. */
export const squareGrid: Grid = { rowMm: 1, columnMm: 1 };

function stepOn({ rowMm, columnMm }: Grid, from: Point, to: Point): Point {
  return { x: (to.x - from.x) * columnMm, y: (to.y - from.y) * rowMm };
}

/** In the unit of the grid. */
export function lengthOn(grid: Grid, from: Point, to: Point): number {
  const { x, y } = stepOn(grid, from, to);
  return Math.hypot(x, y);
}

/** 0 … 180 degrees between the arms at `corner`, as they lie in the room; undefined while an arm has no length. */
export function angleOn(grid: Grid, a: Point, corner: Point, b: Point): number | undefined {
  const one = stepOn(grid, corner, a);
  const other = stepOn(grid, corner, b);
  if (Math.hypot(one.x, one.y) === 0 || Math.hypot(other.x, other.y) === 0) return undefined;
  const cross = one.x * other.y - one.y * other.x;
  const dot = one.x * other.x + one.y * other.y;
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}

/** From a point to the nearest of a line. */
export function distanceToLine(point: Point, from: Point, to: Point): number {
  const along = stepOn(squareGrid, from, to);
  const squared = along.x ** 2 + along.y ** 2;
  const share = squared === 0 ? 0 : ((point.x - from.x) * along.x + (point.y - from.y) * along.y) / squared;
  const held = Math.min(1, Math.max(0, share));
  return lengthOn(squareGrid, point, { x: from.x + held * along.x, y: from.y + held * along.y });
}
