import { describe, expect, it } from 'vitest';
import { reoriented, upright } from './orientation.ts';
import { enlargement, pictureAt, type Projection, stageAt } from './stage-geometry.ts';
import { frameOf } from './view-transform.ts';

const size = { width: 400, height: 200 };
const stage = { width: 800, height: 600 };

/** The picture turned to the right on a stage of 800 × 600: 200 × 400 pixels, each of them 1.5 wide. */
const turned: Projection = {
  size,
  orientation: reoriented(upright, 'clockwise'),
  frame: frameOf(stage, { width: 200, height: 400 }, 1),
  view: { zoom: 2, x: 0.25, y: -0.1 },
};

describe('a place on the stage', () => {
  it('is in its middle for the middle of a picture that fits', () => {
    const frame = frameOf(stage, size, 1);
    const fitted: Projection = { size, orientation: upright, frame, view: { zoom: 1, x: 0, y: 0 } };
    expect(stageAt({ x: 200, y: 100 }, fitted)).toEqual({ x: 400, y: 300 });
    expect(stageAt({ x: 0, y: 0 }, fitted)).toEqual({ x: 0, y: 100 });
    expect(enlargement(fitted)).toBe(2);
  });

  it('follows turn, zoom and move', () => {
    // The top left corner has come to the right; 200 × 1.5 = 300 wide, moved by a quarter of that.
    const { x, y } = stageAt({ x: 0, y: 0 }, turned);
    expect(x).toBeCloseTo(400 + 300 + 75, 9);
    expect(y).toBeCloseTo(300 - 600 - 60, 9);
    expect(enlargement(turned)).toBe(3);
  });

  it('is the pixel that is drawn there', () => {
    for (const point of [
      { x: 0, y: 0 },
      { x: 123.5, y: 7.25 },
      { x: 400, y: 200 },
    ]) {
      const { x, y } = stageAt(point, turned);
      const place = { x: (x - 400) / 300, y: (y - 300) / 600 };
      const back = pictureAt(place, turned);
      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
    }
  });
});
