import { describe, expect, it } from 'vitest';
import type { PixelValues } from '../../shared/imaging/pixel-values.ts';
import type { Samples } from '../../shared/imaging/stored-pixels.ts';
import { paintValues } from './paint-values.ts';

function greysOf(
  samples: Samples,
  low: number,
  high: number,
  more: Partial<PixelValues> & { readonly turned?: boolean } = {},
): number[] {
  const { turned = false, ...rest } = more;
  const values: PixelValues = {
    width: samples.length,
    height: 1,
    samples,
    modalityLut: { kind: 'linear', slope: 1, intercept: 0 },
    inverted: false,
    range: { low: 0, high: 0 },
    ...rest,
  };
  const words = new Uint32Array(samples.length);
  paintValues(values, { low, high }, turned, words);
  return Array.from(words, (each) => {
    expect([each >>> 24, (each >> 8) & 0xff, (each >> 16) & 0xff]).toEqual([255, each & 0xff, each & 0xff]);
    return each & 0xff;
  });
}

describe('a window on the values', () => {
  it('draws a line from black to white, and cuts off what lies beside it', () => {
    expect(greysOf(Uint16Array.of(0, 100, 200, 300, 400), 100, 300)).toEqual([0, 0, 128, 255, 255]);
  });

  it.each([Int8Array, Int16Array, Int32Array])('reads negative values of %o', (Signed) => {
    expect(greysOf(Signed.of(-100, 0, 100), -100, 100)).toEqual([0, 128, 255]);
  });

  it('goes through the modality LUT', () => {
    const modalityLut = { kind: 'linear', slope: 2, intercept: -1000 } as const;
    expect(greysOf(Uint16Array.of(0, 500, 1000), -1000, 1000, { modalityLut })).toEqual([0, 128, 255]);
  });

  it('is turned round once by the file, once by the person', () => {
    const samples = Uint8Array.of(0, 51, 255);
    expect(greysOf(samples, 0, 255, { inverted: true })).toEqual([255, 204, 0]);
    expect(greysOf(samples, 0, 255, { turned: true })).toEqual([255, 204, 0]);
    expect(greysOf(samples, 0, 255, { inverted: true, turned: true })).toEqual([0, 51, 255]);
  });

  it('leaves padding as dark as the file does', () => {
    expect(greysOf(Uint8Array.of(0, 7, 2), 0, 10, { padding: [7, 8], inverted: true })).toEqual([
      255, 0, 204,
    ]);
  });

  it.each([
    [5, 5],
    [6, 5],
    [Number.NaN, 1],
    [0, Infinity],
  ])('refuses %d … %d', (low, high) => {
    expect(() => greysOf(Uint8Array.of(1), low, high)).toThrow(TypeError);
  });
});
