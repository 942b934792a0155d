import { describe, expect, it } from 'vitest';
import { aFinding } from '../../tests/fixtures/analysis-builder.ts';
import {
  bytesInWords,
  countInWords,
  millisecondsInWords,
  numberInWords,
  proportionInWords,
  sideInWords,
} from './words.ts';

describe('numbers in words', () => {
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
    expect([12, 4321, 9_876_543, 64e9].map(bytesInWords)).toEqual(['12 bytes', '4 kB', '9.9 MB', '64.0 GB']);
    expect([0.42, 271.3].map(millisecondsInWords)).toEqual(['0.4 ms', '271 ms']);
  });

  it('counts one and many', () => {
    expect([0, 1, 2].map((count) => countInWords(count, 'file', 'files'))).toEqual([
      '0 files',
      '1 file',
      '2 files',
    ]);
  });
});
