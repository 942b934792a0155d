import { describe, expect, it } from 'vitest';
import { angleOn, distanceToLine, lengthOn, squareGrid } from './geometry.ts';

const at = (x: number, y: number) => ({ x, y });
/** Rows are twice as far apart as columns. */
const tall = { rowMm: 0.2, columnMm: 0.1 };

describe('a length', () => {
  it('counts pixels where their size is not known', () => {
    expect(lengthOn(squareGrid, at(1, 2), at(4, 6))).toBe(5);
  });

  it('goes by the distance of rows downwards and of columns across', () => {
    expect(lengthOn(tall, at(0, 0), at(100, 0))).toBeCloseTo(10, 12);
    expect(lengthOn(tall, at(0, 0), at(0, 100))).toBeCloseTo(20, 12);
    expect(lengthOn(tall, at(0, 0), at(60, 40))).toBeCloseTo(10, 12);
  });
});

describe('an angle', () => {
  it.each([
    [at(1, 0), at(0, 1), 90],
    [at(1, 0), at(1, 1), 45],
    [at(1, 0), at(-1, 0), 180],
    [at(1, 0), at(2, 0), 0],
    [at(0, -3), at(3, 3), 135],
  ])('between %o and %o is %d°, from either side', (a, b, degrees) => {
    expect(angleOn(squareGrid, a, at(0, 0), b)).toBeCloseTo(degrees, 12);
    expect(angleOn(squareGrid, b, at(0, 0), a)).toBeCloseTo(degrees, 12);
  });

  it('is that in the room, not that of the pixels', () => {
    // 45° in pixels: one column across, one row down, which is twice as far.
    expect(angleOn(tall, at(1, 0), at(0, 0), at(1, 1))).toBeCloseTo((Math.atan(2) * 180) / Math.PI, 12);
  });

  it('is none while an arm has no length', () => {
    expect(angleOn(squareGrid, at(2, 2), at(2, 2), at(3, 3))).toBeUndefined();
  });
});

describe('the distance to a line', () => {
  it.each([
    [at(5, 3), 3],
    [at(-3, 4), 5],
    [at(13, -4), 5],
    [at(7, 0), 0],
  ])('from %o is %d', (point, distance) => {
    expect(distanceToLine(point, at(0, 0), at(10, 0))).toBe(distance);
  });

  it('is that to the point where the line is none', () => {
    expect(distanceToLine(at(3, 4), at(0, 0), at(0, 0))).toBe(5);
  });
});
