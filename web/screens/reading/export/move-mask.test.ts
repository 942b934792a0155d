import { describe, expect, it } from 'vitest';
import { maskBetween, maskByKey, movedMask, newMask, resizedMask } from './move-mask.ts';

const picture = { width: 1000, height: 500 };
const mask = { x: 100, y: 100, width: 200, height: 50 };

describe('an area to be covered', () => {
  it('moves, and stops at the sides', () => {
    expect(movedMask(mask, 10.4, -20, picture)).toEqual({ ...mask, x: 110, y: 80 });
    expect(movedMask(mask, 5000, 5000, picture)).toEqual({ ...mask, x: 800, y: 450 });
    expect(movedMask(mask, -5000, -5000, picture)).toEqual({ ...mask, x: 0, y: 0 });
  });

  it('changes its size, keeps its corner and never vanishes', () => {
    expect(resizedMask(mask, 30, 10, picture)).toEqual({ ...mask, width: 230, height: 60 });
    expect(resizedMask(mask, 5000, 5000, picture)).toEqual({ x: 100, y: 100, width: 900, height: 400 });
    expect(resizedMask(mask, -5000, -5000, picture)).toEqual({ x: 100, y: 100, width: 4, height: 4 });
  });

  it('is drawn from any corner', () => {
    const drawn = { x: 10, y: 20, width: 90, height: 30 };
    expect(maskBetween([10, 20], [100, 50], picture)).toEqual(drawn);
    expect(maskBetween([100, 50], [10, 20], picture)).toEqual(drawn);
    expect(maskBetween([-50, 20], [100, 900], picture)).toEqual({ x: 0, y: 20, width: 100, height: 480 });
  });

  it('follows the arrow keys', () => {
    expect(maskByKey(mask, 'ArrowLeft', false, picture)).toEqual({ ...mask, x: 90 });
    expect(maskByKey(mask, 'ArrowDown', true, picture)).toEqual({ ...mask, height: 60 });
    expect(maskByKey(mask, 'a', false, picture)).toBeUndefined();
  });

  it('is new in the middle', () => {
    expect(newMask(picture)).toEqual({ x: 350, y: 225, width: 300, height: 50 });
  });
});
