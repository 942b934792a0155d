import { describe, expect, it } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { checkColour, checkHeader, checkPixels } from './intake-checks.ts';
import { drawPhantom } from './phantom.ts';

const ramp = (width: number, height: number, from: number, to: number): GrayImage => ({
  width,
  height,
  pixels: Float32Array.from(
    { length: width * height },
    (_, index) => from + ((to - from) * (index % width)) / width,
  ),
});

const codes = (image: GrayImage): string[] => checkPixels(image).map(({ code }) => code);

describe('checkPixels', () => {
  it.each([
    ['a picture of 127 pixels on the short side', ramp(300, 127, 0, 1), 'image.too-small'],
    ['a picture without contrast', ramp(200, 200, 0.4, 0.42), 'image.blank'],
    ['a black picture', ramp(200, 200, 0, 0), 'image.blank'],
    ['a strip', ramp(820, 200, 0, 1), 'image.not-a-chest'],
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

describe('checkHeader', () => {
  it.each([
    [{ modality: 'CT' }, 'image.not-radiograph'],
    [{ modality: ' mr ' }, 'image.not-radiograph'],
    [{ modality: 'DX', viewPosition: 'LL' }, 'image.lateral'],
    [{ viewPosition: 'lateral' }, 'image.lateral'],
    [{ modality: 'DX', bodyPart: 'HAND' }, 'image.other-body-part'],
    [{ bodyPart: ' lspine ', viewPosition: 'LL' }, 'image.other-body-part'],
  ])('refuses %j', (header, code) => {
    expect(checkHeader(header).map((reason) => reason.code)).toEqual([code]);
  });

  it.each([
    {},
    { modality: 'CR' },
    { modality: 'DX', viewPosition: 'PA' },
    { modality: 'OT', viewPosition: '' },
    { bodyPart: 'CHEST' },
    ...['CLAVICLE', 'RIB', 'STERNUM', 'TSPINE', 'LUNG', 'HEART', 'THORAX', 'WHOLEBODY'].map((bodyPart) => ({
      bodyPart,
    })),
    { bodyPart: 'Thorax p.a. / HAND' },
    { bodyPart: 'CONSTRUCTOR' },
    { bodyPart: '' },
  ])('has nothing against %j', (header) => {
    expect(checkHeader(header)).toEqual([]);
  });
});

it('refuses a photograph, but not a grey film in a colour file', () => {
  expect(checkColour(0.25).map(({ code }) => code)).toEqual(['image.coloured']);
  expect(checkColour(0.015)).toEqual([]);
});
