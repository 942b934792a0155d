import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromShown,
  type Orientation,
  type OrientationChange,
  orientationInWords,
  reoriented,
  reorientedView,
  shownSize,
  stepFromShown,
  toShown,
  upright,
} from './orientation.ts';

const seeded = { seed: 20260131, numRuns: 200 };
const size = { width: 300, height: 200 };
const changes = ['clockwise', 'anticlockwise', 'across', 'over'] as const;
const orientations = record({
  quarterTurns: constantFrom(0, 1, 2, 3),
  mirrored: boolean(),
}) as ReturnType<typeof record<Orientation>>;
const points = record({ x: integer({ min: 0, max: 300 }), y: integer({ min: 0, max: 200 }) });

function after(...steps: OrientationChange[]): Orientation {
  return steps.reduce<Orientation>((orientation, change) => reoriented(orientation, change), upright);
}

/** What a change does to a point of what is on the screen. */
function onScreen(
  { x, y }: { x: number; y: number },
  { width, height }: { width: number; height: number },
  change: OrientationChange,
): { x: number; y: number } {
  if (change === 'clockwise') return { x: height - y, y: x };
  if (change === 'anticlockwise') return { x: y, y: width - x };
  return change === 'across' ? { x: width - x, y } : { x, y: height - y };
}

describe('turning and flipping', () => {
  it('is done to what is seen, whatever was done before', () => {
    assert(
      property(orientations, constantFrom(...changes), points, (orientation, change, point) => {
        const seen = toShown(point, size, orientation);
        const next = toShown(point, size, reoriented(orientation, change));
        expect(next).toEqual(onScreen(seen, shownSize(size, orientation), change));
      }),
      seeded,
    );
  });

  it('leads back', () => {
    assert(
      property(orientations, points, (orientation, point) => {
        expect(fromShown(toShown(point, size, orientation), size, orientation)).toEqual(point);
      }),
      seeded,
    );
    expect(after('clockwise', 'anticlockwise')).toEqual(upright);
    expect(after('across', 'across')).toEqual(upright);
    expect(after('over', 'over')).toEqual(upright);
    expect(after('across', 'over')).toEqual(after('clockwise', 'clockwise'));
  });

  it('moves a point one pixel on the screen under an arrow key', () => {
    assert(
      property(orientations, points, constantFrom(-1, 1), (orientation, point, step) => {
        for (const by of [
          { x: step, y: 0 },
          { x: 0, y: step },
        ]) {
          const moved = stepFromShown(by, orientation);
          const before = toShown(point, size, orientation);
          const now = toShown({ x: point.x + moved.x, y: point.y + moved.y }, size, orientation);
          expect(now).toEqual({ x: before.x + by.x, y: before.y + by.y });
        }
      }),
      seeded,
    );
  });

  it('keeps in the middle of the stage what was there', () => {
    assert(
      property(
        orientations,
        array(constantFrom(...changes), { maxLength: 5 }),
        points,
        (start, steps, point) => {
          const shown = toShown(point, size, start);
          const first = shownSize(size, start);
          let orientation = start;
          // The view that has this point in the middle of the stage.
          let view = { zoom: 1, x: 0.5 - shown.x / first.width, y: 0.5 - shown.y / first.height };
          for (const change of steps) {
            orientation = reoriented(orientation, change);
            view = reorientedView(view, change);
          }
          const last = shownSize(size, orientation);
          const seen = toShown(point, size, orientation);
          expect(view.x).toBeCloseTo(0.5 - seen.x / last.width, 9);
          expect(view.y).toBeCloseTo(0.5 - seen.y / last.height, 9);
        },
      ),
      seeded,
    );
  });

  it('is said in words', () => {
    expect(orientationInWords(upright)).toEqual([]);
    expect(orientationInWords(after('clockwise'))).toEqual(['Turned 90° right']);
    expect(orientationInWords(after('across', 'anticlockwise'))).toEqual(['Mirrored', 'Turned 90° left']);
    expect(orientationInWords(after('over'))).toEqual(['Mirrored', 'Turned 180°']);
  });
});
