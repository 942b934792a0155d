import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { resample } from './resample.ts';

/** The same linear congruential numbers that the reference was computed from. */
function noiseImage(seed: number, width: number, height: number): GrayImage {
  let state = seed;
  const pixels = Float32Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  });
  return { width, height, pixels };
}

/** Pillow 9.4, mode F, BILINEAR: `Image.fromarray(noise).resize(target, BILINEAR, box=box)`. */
const pillow = [
  {
    seed: 1,
    source: [7, 5],
    target: [4, 3],
    box: undefined,
    expected: [
      0.315864, 0.478744, 0.344845, 0.628769, 0.420056, 0.546777, 0.513449, 0.472733, 0.330858, 0.483422,
      0.463179, 0.572844,
    ],
  },
  {
    seed: 3,
    source: [10, 12],
    target: [3, 4],
    box: { x0: 1.25, y0: 2.5, x1: 8.75, y1: 11 },
    expected: [
      0.37379, 0.397041, 0.545709, 0.454433, 0.523918, 0.465087, 0.445988, 0.415429, 0.665069, 0.472115,
      0.529319, 0.684985,
    ],
  },
  {
    seed: 4,
    source: [30, 40],
    target: [2, 2],
    box: { x0: 0.4, y0: 0.2, x1: 29.9, y1: 39.7 },
    expected: [0.503856, 0.510435, 0.511922, 0.510443],
  },
  { seed: 5, source: [4, 4], target: [1, 1], box: undefined, expected: [0.435548] },
] as const;

describe('resample', () => {
  it.each(pillow)('agrees with Pillow on seed $seed, $source to $target', (reference) => {
    const { seed, source, target, box, expected } = reference;
    const { pixels } = resample(noiseImage(seed, source[0], source[1]), target[0], target[1], box);
    expect(pixels.length).toBe(expected.length);
    // The reference is printed with six digits.
    for (const [index, value] of expected.entries()) expect(pixels[index]).toBeCloseTo(value, 5);
  });

  it('returns the same picture at the same size', () => {
    const image = noiseImage(9, 11, 6);
    expect(resample(image, 11, 6).pixels).toEqual(image.pixels);
  });

  it('keeps a flat picture flat and never leaves the range of the values', () => {
    const size = integer({ min: 1, max: 40 });
    assert(
      property(size, size, size, size, integer({ min: 0, max: 1000 }), (w, h, toW, toH, seed) => {
        const image = noiseImage(seed, w, h);
        const flat = { ...image, pixels: image.pixels.map(() => 0.5) };
        expect(resample(flat, toW, toH).pixels.every((value) => Math.abs(value - 0.5) < 1e-6)).toBe(true);
        const out = resample(image, toW, toH).pixels;
        expect(Math.min(...out)).toBeGreaterThanOrEqual(Math.min(...image.pixels) - 1e-6);
        expect(Math.max(...out)).toBeLessThanOrEqual(Math.max(...image.pixels) + 1e-6);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('mirrors with the picture', () => {
    const image = noiseImage(4, 30, 20);
    const mirrored = (source: GrayImage): GrayImage => ({
      ...source,
      pixels: source.pixels.map((_, index) => {
        const x = index % source.width;
        return source.pixels[index - x + source.width - 1 - x]!;
      }),
    });
    const [a, b] = [resample(mirrored(image), 13, 9), mirrored(resample(image, 13, 9))];
    for (const [index, value] of a.pixels.entries()) expect(value).toBeCloseTo(b.pixels[index]!, 5);
  });

  it.each([
    ['outside', { x0: -1, y0: 0, x1: 4, y1: 4 }],
    ['empty', { x0: 2, y0: 0, x1: 2, y1: 4 }],
    ['beyond', { x0: 0, y0: 0, x1: 5, y1: 4 }],
    ['not a number', { x0: Number.NaN, y0: 0, x1: 4, y1: 4 }],
  ])('refuses a box that is %s', (_, box) => {
    expect(() => resample(noiseImage(1, 4, 4), 2, 2, box)).toThrow(RangeError);
  });
});
