import { describe, expect, it } from 'vitest';
import { levelPicture, paintLevels, windowTable } from './window-picture.ts';

function greysOf(pixels: readonly number[], low: number, high: number): number[] {
  const { levels } = levelPicture({ width: pixels.length, height: 1, pixels: Float32Array.from(pixels) });
  const words = new Uint32Array(levels.length);
  paintLevels(levels, windowTable({ low, high }), words);
  const bytes = new Uint8Array(words.buffer);
  for (let index = 0; index < bytes.length; index += 4) {
    expect(bytes[index + 1]).toBe(bytes[index]);
    expect(bytes[index + 2]).toBe(bytes[index]);
    expect(bytes[index + 3]).toBe(255);
  }
  return Array.from(bytes).filter((_, index) => index % 4 === 0);
}

describe('the display window', () => {
  it('shows the whole range as it was decoded', () => {
    expect(greysOf([0, 1 / 255, 0.5, 254 / 255, 1], 0, 1)).toEqual([0, 1, 128, 254, 255]);
  });

  it('stretches what lies between its ends', () => {
    expect(greysOf([0.25, 0.375, 0.5, 0.75], 0.25, 0.75)).toEqual([0, 64, 128, 255]);
  });

  it('is black below its low end and white above its high end', () => {
    expect(greysOf([0, 0.39, 0.61, 1], 0.4, 0.6)).toEqual([0, 0, 255, 255]);
  });

  it('may reach beyond the values of the picture', () => {
    expect(greysOf([0, 1], -1, 1)).toEqual([128, 255]);
    expect(greysOf([0, 1], 0, 2)).toEqual([0, 128]);
  });

  it('changes black and white about', () => {
    const table = windowTable({ low: 0, high: 1, inverted: true });
    expect([table[0]! & 0xff, table[65535]! & 0xff]).toEqual([255, 0]);
  });

  it.each([
    [0.5, 0.5],
    [0.6, 0.5],
    [Number.NaN, 1],
    [0, Infinity],
  ])('refuses %d … %d', (low, high) => {
    expect(() => windowTable({ low, high })).toThrow(TypeError);
  });
});

it('keeps values that a decoder let slip out of range within black and white', () => {
  const pixels = Float32Array.from([-0.1, 0, 1, 1.1, Number.NaN]);
  expect(Array.from(levelPicture({ width: 5, height: 1, pixels }).levels)).toEqual([0, 0, 65535, 65535, 0]);
});
