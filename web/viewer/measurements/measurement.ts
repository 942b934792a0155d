import type { PixelRegion } from '../../../shared/imaging/pixel-values.ts';
import type { Point, Size } from '../view-transform.ts';

export type MeasureTool = 'ruler' | 'angle' | 'rectangle' | 'probe';

/** Something measured. It lies on the picture, however that is shown. */
export interface Measurement {
  readonly id: number;
  readonly kind: MeasureTool;
  /** Counted from 0. */
  readonly frame: number;
  /**
   * In pixels of the picture from its top left corner; the middle of the first pixel is at 0.5. Of an angle the second is
   * its corner, of a rectangle two are opposite corners.
   */
  readonly points: readonly Point[];
}

export const pointsNeeded: Readonly<Record<MeasureTool, number>> = {
  ruler: 2,
  angle: 3,
  rectangle: 2,
  probe: 1,
};

function limit(value: number, high: number): number {
  return Math.min(high, Math.max(0, value));
}

/** The middle of the pixel that holds the point, or of the nearest. */
export function pixelMiddle({ x, y }: Point, { width, height }: Size): Point {
  return { x: Math.floor(limit(x, width - 1)) + 0.5, y: Math.floor(limit(y, height - 1)) + 0.5 };
}

/** Where a point of that tool may lie: values belong to whole pixels, lengths end anywhere on the picture. */
export function placed(tool: MeasureTool, point: Point, size: Size): Point {
  if (tool === 'rectangle' || tool === 'probe') return pixelMiddle(point, size);
  return { x: limit(point.x, size.width), y: limit(point.y, size.height) };
}

/** The pixels of a rectangle, those under its corners included. */
export function regionOf([a, b]: readonly Point[]): PixelRegion {
  const from = a!;
  const to = b ?? from;
  return {
    left: Math.floor(Math.min(from.x, to.x)),
    top: Math.floor(Math.min(from.y, to.y)),
    right: Math.floor(Math.max(from.x, to.x)),
    bottom: Math.floor(Math.max(from.y, to.y)),
  };
}

/** The whole measurement moved by a step, as far as the picture reaches. */
export function movedBy(measurement: Measurement, step: Point, { width, height }: Size): Measurement {
  const { kind, points } = measurement;
  const margin = kind === 'rectangle' || kind === 'probe' ? 0.5 : 0;
  const held = (by: number, places: readonly number[], length: number): number =>
    Math.min(length - margin - Math.max(...places), Math.max(margin - Math.min(...places), by));
  const by = {
    x: held(
      step.x,
      points.map(({ x }) => x),
      width,
    ),
    y: held(
      step.y,
      points.map(({ y }) => y),
      height,
    ),
  };
  return { ...measurement, points: points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })) };
}

export function withPoint(measurement: Measurement, index: number, point: Point, size: Size): Measurement {
  const at = placed(measurement.kind, point, size);
  return { ...measurement, points: measurement.points.map((each, place) => (place === index ? at : each)) };
}
