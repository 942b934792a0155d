import { describe, expect, it } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { checkColour, checkPixels } from './intake-checks.ts';
import { drawPhantom } from './phantom.ts';

const ramp = (width: number, height: number, from: number, to: number): GrayImage => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, index) =>
    Math.min(1, Math.max(0, from + ((to - from) * (index % width)) / width)),
  ),
});

const codes = (image: GrayImage): string[] => checkPixels(image).map(({ code }) => code);

describe('checkPixels', () => {
  it.each([
    ['a picture of 127 pixels on the short side', ramp(300, 127, 0, 1), 'image.too-small'],
    ['a picture without contrast', ramp(200, 200, 0.4, 0.42), 'image.blank'],
    ['a black picture', ramp(200, 200, 0, 0), 'image.blank'],
    ['a strip', ramp(820, 200, 0, 1), 'image.not-a-chest'],
    ['a picture of black and white alone', ramp(200, 200, -9, 10), 'image.clipped'],
    ['a faint picture', ramp(200, 200, 0.4, 0.55), 'image.low-contrast'],
  ])('names the reason for %s', (_, image, code) => {
    expect(codes(image)).toEqual([code]);
  });

  it('accepts 128 pixels on the short side and the phantom', () => {
    expect(codes(ramp(128, 200, 0, 1))).toEqual([]);
    expect(codes(drawPhantom())).toEqual([]);
  });

  it('refuses a picture that is not a number everywhere', () => {
    expect(codes({ width: 200, height: 200, pixels: new Float32Array(40_000).fill(Number.NaN) })).toEqual([
      'image.blank',
    ]);
  });
});

it('refuses a photograph, but not a grey film in a colour file', () => {
  expect(checkColour(0.25).map(({ code }) => code)).toEqual(['image.coloured']);
  expect(checkColour(0.015)).toEqual([]);
});
