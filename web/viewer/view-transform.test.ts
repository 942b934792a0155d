import { array, assert, constantFrom, double, integer, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bringInSight,
  fitView,
  type Frame,
  frameOf,
  oneToOneView,
  panBy,
  type Point,
  refit,
  toggleFit,
  type View,
  zoomTo,
} from './view-transform.ts';

const seeded = { seed: 20260131, numRuns: 300 };

const number = (min: number, max: number) => double({ min, max, noNaN: true });
const size = record({
  width: integer({ min: 1, max: 4000 }),
  height: integer({ min: 1, max: 4000 }),
});
const frames = tuple(size, size, constantFrom(1, 1.5, 2, 3)).map(([stage, picture, ratio]) =>
  frameOf(stage, picture, ratio),
);
const points = record({ x: number(-0.5, 0.5), y: number(-0.5, 0.5) });
/** Anything that a person can reach: zooming and panning about. */
const reachable = tuple(
  frames,
  array(tuple(number(-20, 20), number(0.05, 20), points), { maxLength: 6 }),
).map(([frame, steps]) => ({
  frame,
  view: steps.reduce<View>(
    (view, [by, zoom, point]) => zoomTo(panBy(view, { x: by, y: -by }, frame), zoom, point, frame),
    fitView,
  ),
}));

/** What of the picture lies under a point of the stage. */
const under = (view: View, point: Point): Point => ({
  x: (point.x - view.x) / view.zoom,
  y: (point.y - view.y) / view.zoom,
});

/** Doubles of this size are exact to 1e-15; a few operations lose a few digits. */
const tolerance = 1e-9;

function expectShown(view: View, frame: Frame): void {
  for (const [at, length] of [
    [view.x, frame.width],
    [view.y, frame.height],
  ] as const) {
    const from = Math.max(at - view.zoom / 2, -length / 2);
    const to = Math.min(at + view.zoom / 2, length / 2);
    expect(to - from).toBeGreaterThanOrEqual(Math.min(view.zoom, length) - tolerance);
  }
}

describe('the view', () => {
  it('always shows as much of the picture as the stage holds at its zoom', () => {
    assert(
      property(reachable, ({ view, frame }) => expectShown(view, frame)),
      seeded,
    );
  });

  it('still does when the stage changes its shape', () => {
    assert(
      property(reachable, frames, ({ view }, frame) => expectShown(refit(view, frame), frame)),
      seeded,
    );
  });

  it('keeps what lies under the pointer there while the edges do not stop it', () => {
    let kept = 0;
    assert(
      property(reachable, points, number(0.2, 8), ({ view, frame }, point, zoom) => {
        const zoomed = zoomTo(view, zoom, point, frame);
        const before = under(view, point);
        const after = under(zoomed, point);
        const room = (length: number): number => Math.max(0, (zoomed.zoom - length) / 2) - tolerance;
        if (Math.abs(zoomed.x) < room(frame.width))
          expect(Math.abs(after.x - before.x)).toBeLessThan(tolerance);
        if (Math.abs(zoomed.y) < room(frame.height))
          expect(Math.abs(after.y - before.y)).toBeLessThan(tolerance);
        if (Math.abs(zoomed.x) < room(frame.width)) kept += 1;
      }),
      seeded,
    );
    expect(kept).toBeGreaterThan(50);
  });

  it('follows the pointer while the edges do not stop it', () => {
    const frame = frameOf({ width: 800, height: 600 }, { width: 800, height: 600 }, 1);
    const zoomed = zoomTo(fitView, 4, { x: 0, y: 0 }, frame);
    expect(panBy(zoomed, { x: 0.5, y: -0.25 }, frame)).toEqual({ zoom: 4, x: 0.5, y: -0.25 });
    expect(panBy(zoomed, { x: 9, y: -9 }, frame)).toEqual({ zoom: 4, x: 1.5, y: -1.5 });
  });

  it('does not move a picture that fits', () => {
    const frame = frameOf({ width: 800, height: 600 }, { width: 300, height: 600 }, 1);
    expect(frame.width).toBeCloseTo(800 / 300, 12);
    expect(panBy(fitView, { x: 0.3, y: 0.3 }, frame)).toEqual(fitView);
  });
});

describe('a point that must be seen', () => {
  const frame = frameOf({ width: 400, height: 400 }, { width: 400, height: 400 }, 1);

  it('moves the view no more than it has to', () => {
    const view: View = { zoom: 4, x: 0, y: 0 };
    expect(bringInSight(view, { x: 0.5, y: 0.6 }, frame)).toBe(view);
    expect(bringInSight(view, { x: 0.75, y: 0.5 }, frame)).toEqual({ zoom: 4, x: -0.5, y: 0 });
    expect(bringInSight(view, { x: 0.5, y: 0 }, frame)).toEqual({ zoom: 4, x: 0, y: 1.5 });
  });
});

describe('1:1', () => {
  it('covers one pixel of the screen with one of the picture', () => {
    const frame = frameOf({ width: 535, height: 500 }, { width: 2140, height: 1760 }, 2);
    // The fitted picture is a quarter of its size, on a screen with two pixels for each of CSS.
    expect(oneToOneView(fitView, frame).zoom).toBe(2);
  });

  it('makes a small picture smaller than the stage, in its middle', () => {
    const frame = frameOf({ width: 800, height: 800 }, { width: 200, height: 200 }, 1);
    expect(oneToOneView({ zoom: 3, x: 1, y: -1 }, frame)).toEqual({ zoom: 0.25, x: 0, y: 0 });
  });

  it('is reached however large the picture is', () => {
    const frame = frameOf({ width: 360, height: 360 }, { width: 10_000, height: 10_000 }, 1);
    expect(oneToOneView(fitView, frame).zoom).toBeCloseTo(10_000 / 360, 9);
  });
});

describe('a double click', () => {
  const frame = frameOf({ width: 400, height: 400 }, { width: 400, height: 400 }, 1);

  it('doubles about the pointer, and comes back', () => {
    const doubled = toggleFit(fitView, { x: 0.25, y: 0 }, frame);
    expect(doubled).toEqual({ zoom: 2, x: -0.25, y: 0 });
    expect(toggleFit(doubled, { x: 0, y: 0 }, frame)).toBe(fitView);
  });
});

it('leaves alone a view that still fits its frame', () => {
  const view = { zoom: 2, x: 0.1, y: 0 };
  expect(refit(view, frameOf({ width: 400, height: 400 }, { width: 400, height: 400 }, 1))).toBe(view);
});

it('takes a stage without a size for one that the picture fills', () => {
  expect(frameOf({ width: 0, height: 0 }, { width: 400, height: 300 }, 1)).toEqual({
    width: 1,
    height: 1,
    oneToOne: 1,
    scale: 1,
  });
});
