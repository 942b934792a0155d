import { describe, expect, it } from 'vitest';
import { aFinding } from '../tests/fixtures/analysis-builder.ts';
import {
  bytesInWords,
  millisecondsInWords,
  numberInWords,
  proportionInWords,
  shareInWords,
  sideInWords,
} from './words.ts';

describe('numbers in words', () => {
  it.each([
    [0, '0.00'],
    [0.004, 'less than 0.01'],
    [0.01, '0.01'],
    [0.835, '0.83'],
    [0.99, '0.99'],
    [0.996, 'more than 0.99'],
    [1, '1.00'],
  ])('%d is %s', (share, words) => expect(shareInWords(share)).toBe(words));

  it('calls a number a probability only where it is one', () => {
    expect(numberInWords(aFinding()).join(' ')).toBe('probability 0.83');
    const score = numberInWords(aFinding({ shownAs: 'score' })).join(' ');
    expect(score).toBe('score 0.83 — not a probability for this patient');
  });

  it('names the side of the operating point', () => {
    expect(sideInWords(aFinding())).toBe('At or above the operating point “balanced” (0.50)');
    expect(sideInWords(aFinding({ positive: false }))).toBe('Below the operating point “balanced” (0.50)');
  });

  it('gives a share with its interval and the number of cases', () => {
    const words = proportionInWords({ value: 0.9, low: 0.826, high: 0.944, n: 100 });
    expect(words.replaceAll('\u00a0', ' ')).toBe('90 % (83–94 %, n = 100)');
  });

  it('rounds sizes and times', () => {
    expect([12, 4321, 9_876_543].map(bytesInWords)).toEqual(['12 bytes', '4 kB', '9.9 MB']);
    expect([0.42, 271.3].map(millisecondsInWords)).toEqual(['0.4 ms', '271 ms']);
  });
});
