import { assert, double, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeLook, lookOfDrag, plainLook, windowOf } from './display-window.ts';

const seeded = { seed: 20260131, numRuns: 300 };
const share = double({ min: -100, max: 100, noNaN: true });
const looks = record({ brightness: share, contrast: share });

const middleOf = ({ low, high }: { low: number; high: number }): number => (low + high) / 2;

describe('brightness and contrast', () => {
  it('change nothing at rest', () => {
    expect(windowOf(plainLook)).toEqual({ low: 0, high: 1 });
  });

  it('make a window that is never empty', () => {
    assert(
      property(looks, (look) => {
        const { low, high } = windowOf(look);
        expect(high - low).toBeGreaterThan(0.17);
      }),
      seeded,
    );
  });

  it('halve the window with every 40 of contrast, about its middle', () => {
    expect(windowOf({ brightness: 0, contrast: 40 })).toEqual({ low: 0.25, high: 0.75 });
    expect(windowOf({ brightness: 0, contrast: -40 })).toEqual({ low: -0.5, high: 1.5 });
  });

  it('bring every grey into the middle of the window', () => {
    expect(middleOf(windowOf({ brightness: 100, contrast: 60 }))).toBeCloseTo(0, 12);
    expect(middleOf(windowOf({ brightness: -100, contrast: 60 }))).toBeCloseTo(1, 12);
  });

  it('make every pixel brighter with more brightness', () => {
    assert(
      property(looks, double({ min: 0.1, max: 50, noNaN: true }), (look, more) => {
        const brighter = changeLook(look, { brightness: more, contrast: 0 });
        expect(windowOf(brighter).low).toBeLessThanOrEqual(windowOf(look).low);
        expect(windowOf(brighter).high).toBeLessThanOrEqual(windowOf(look).high);
      }),
      seeded,
    );
  });

  it('stay within their sliders', () => {
    assert(
      property(looks, looks, looks, (look, by, then) => {
        const { brightness, contrast } = changeLook(changeLook(look, by), then);
        expect(Math.max(Math.abs(brightness), Math.abs(contrast))).toBeLessThanOrEqual(100);
      }),
      seeded,
    );
  });
});

describe('a drag', () => {
  it('is brighter upwards and has more contrast to the right', () => {
    expect(lookOfDrag(0.25, -0.1)).toEqual({ brightness: 20, contrast: 50 });
  });

  it('comes back with the pointer', () => {
    const there = changeLook(plainLook, lookOfDrag(0.25, 0.25));
    expect(changeLook(there, lookOfDrag(-0.25, -0.25))).toEqual(plainLook);
  });
});
