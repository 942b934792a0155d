import { assert, double, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeLook,
  type Look,
  lookOfDrag,
  numbersOf,
  plainLook,
  rangeOfNumbers,
  rebased,
  windowOf as windowOn,
} from './display-window.ts';

const seeded = { seed: 20260131, numRuns: 300 };
const share = double({ min: -100, max: 100, noNaN: true });
const looks = record({ brightness: share, contrast: share }).map((change): Look => ({
  ...plainLook,
  ...change,
}));
/** Of a picture without values. */
const windowOf = (look: Partial<Look>) => windowOn({ ...plainLook, ...look }, {});

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

describe('a window on values', () => {
  const facts = { range: { low: 0, high: 4095 }, shown: { low: 1000, high: 2000 } };
  const brighter = changeLook(plainLook, { brightness: 20, contrast: 0 });

  it('leaves a picture as it was decoded until something is changed', () => {
    expect(windowOn(plainLook, facts)).toEqual({ low: 0, high: 1 });
    expect(windowOn({ ...plainLook, inverted: true }, facts)).toEqual({ low: 0, high: 1, inverted: true });
  });

  it('goes on from what the file shows, with what the file cuts off', () => {
    expect(windowOn(brighter, facts)).toEqual({ low: 900, high: 1900, scale: 'values' });
  });

  it('shows every value there is', () => {
    expect(windowOn(rebased(brighter, 'whole'), facts)).toEqual({ low: 0, high: 4095, scale: 'values' });
  });

  it('works on the decoded picture where the file asks for a curve', () => {
    expect(windowOn(brighter, { range: facts.range })).toEqual(windowOf({ brightness: 20 }));
    expect(windowOn(rebased(plainLook, 'whole'), {})).toEqual({ low: 0, high: 1 });
  });

  it('has the numbers of the file, as DICOM counts them', () => {
    // LINEAR with centre 40 and width 400 reaches from −160 to 239.
    const chest = { range: { low: -1000, high: 1000 }, shown: { low: -160, high: 239 } };
    expect(numbersOf(plainLook, chest)).toEqual({ centre: 40, width: 400 });
    expect(rangeOfNumbers({ centre: 40, width: 400 }, chest)).toEqual(chest.shown);
    expect(numbersOf(plainLook, { range: facts.range })).toBeUndefined();
  });

  it('takes numbers that are typed, and none that make no window', () => {
    const base = rangeOfNumbers({ centre: 2000, width: 101 }, facts)!;
    expect(windowOn(rebased(plainLook, base), facts)).toMatchObject({ low: 1949.5, high: 2049.5 });
    for (const width of [0.5, 0, -5, Number.NaN, Infinity]) {
      expect(rangeOfNumbers({ centre: 2000, width }, facts)).toBeUndefined();
    }
    const one = rangeOfNumbers({ centre: 2000, width: 1 }, facts)!;
    expect(one.low).toBe(1999.5);
    expect(one.high).toBeGreaterThan(one.low);
    expect(numbersOf(rebased(plainLook, one), facts)!.width).toBeCloseTo(1, 2);
    expect(rangeOfNumbers({ centre: Number.NaN, width: 10 }, facts)).toBeUndefined();
  });
});
