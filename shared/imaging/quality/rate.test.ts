import { describe, expect, it } from 'vitest';
import { qualityWord, rate } from './rate.ts';

describe('rate', () => {
  it('goes through its anchors in straight lines, upwards and downwards', () => {
    const rising = [0, 10, 20, 30].flatMap((value) => [
      rate(value, [0, 10, 20, 30]),
      rate(value + 5, [0, 10, 20, 30]),
    ]);
    expect(rising).toEqual([0, 20, 40, 55, 70, 85, 100, 100]);
    expect([40, 30, 25, 20, 10, 5].map((value) => rate(value, [30, 20, 10, 5]))).toEqual([
      0, 0, 20, 40, 70, 100,
    ]);
  });

  it('gives nothing for what is no number', () => {
    expect(rate(Number.NaN, [0, 1, 2, 3])).toBe(0);
  });

  it('calls 70 good and 40 fair', () => {
    expect([100, 70, 69, 40, 39, 0].map(qualityWord)).toEqual([
      'good',
      'good',
      'fair',
      'fair',
      'poor',
      'poor',
    ]);
  });
});
