import { describe, expect, it } from 'vitest';
import { inWords, spacingInWords, valueInWords } from './measured-words.ts';

const at = (x: number, y: number) => ({ x, y });
const detector = { rowMm: 0.2, columnMm: 0.1, source: 'detector' } as const;
const ruler = { kind: 'ruler', points: [at(0, 0), at(30, 20)] } as const;
const rectangle = { kind: 'rectangle', points: [at(9.5, 4.5), at(0.5, 0.5)] } as const;
const probe = { kind: 'probe', points: [at(2.5, 7.5)] } as const;

describe('a measurement in words', () => {
  it('has millimetres only where the file gives them', () => {
    expect(inWords(ruler, detector, undefined).short).toBe('5.0 mm');
    expect(inWords(ruler, undefined, undefined).short).toBe('36.1 pixels');
  });

  it('has an angle in the room', () => {
    const angle = { kind: 'angle', points: [at(10, 0), at(0, 0), at(10, 5)] } as const;
    expect(inWords(angle, detector, undefined).long).toBe('45.0°');
    expect(inWords(angle, undefined, undefined).long).toBe('26.6°');
  });

  it('says everything of a rectangle in the list, and mean and deviation on the picture', () => {
    const values = { mean: 100.25, deviation: 2.5, min: 90, max: 110, count: 50 };
    expect(inWords(rectangle, undefined, values)).toEqual({
      short: 'mean 100.3, deviation 2.50',
      long: 'mean 100.3, deviation 2.50, from 90 to 110, 50 pixels, 10 × 5 pixels',
    });
    expect(inWords(rectangle, detector, values).long).toContain('1.0 × 1.0 mm');
  });

  it('counts columns and rows from 1', () => {
    expect(inWords(probe, undefined, 1234)).toEqual({ short: '1234', long: 'value 1234 at column 3, row 8' });
  });

  it('says when there are no values, and never a number before they have come', () => {
    expect(inWords(probe, undefined, 'none').long).toBe('no value at column 3, row 8');
    expect(inWords(rectangle, undefined, 'none').long).toBe('10 × 5 pixels, no values here');
    expect(inWords(rectangle, undefined, undefined).short).toBe('…');
    expect(inWords(probe, undefined, undefined).short).toBe('…');
  });

  it('is empty while too few points are set', () => {
    for (const kind of ['ruler', 'angle', 'rectangle'] as const) {
      expect(inWords({ kind, points: [at(1, 1)] }, detector, undefined).long).toBe('');
    }
  });
});

it('says what the millimetres refer to', () => {
  expect(spacingInWords(detector)).toBe(
    'Lengths are in millimetres at the detector; in the patient it is smaller.',
  );
  expect(spacingInWords(undefined)).toMatch(/does not say how large a pixel is, so lengths are in pixels/);
});

it('rounds values by their size', () => {
  expect([7, -1000, 123.456, 12.345, 0.123456].map(valueInWords)).toEqual([
    '7',
    '-1000',
    '123.5',
    '12.35',
    '0.1235',
  ]);
});
