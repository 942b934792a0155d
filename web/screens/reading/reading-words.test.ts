import { describe, expect, it } from 'vitest';
import { aFinding, aReading, aRefusal } from '../../../tests/fixtures/analysis-builder.ts';
import type { Reading } from '../../data/reading.ts';
import { announcement, iconOf, stateInWords } from './reading-words.ts';

function aLine(changes: Partial<Reading> = {}): Reading {
  return {
    id: 'a',
    fileName: 'film.dcm',
    bytes: 10,
    addedAt: 0,
    state: 'read',
    attempts: 1,
    synthetic: false,
    findings: [aFinding()],
    ...changes,
  };
}

describe('a line of the list', () => {
  it('gives the number and its side', () => {
    expect(stateInWords(aLine())).toBe('Pneumonia: probability 0.83 · at or above the operating point');
    const below = aFinding({ probability: 0.004, positive: false });
    expect(stateInWords(aLine({ findings: [below] }))).toBe(
      'Pneumonia: probability less than 0.01 · below the operating point',
    );
  });

  it('never calls a score a probability', () => {
    const line = aLine({ findings: [aFinding({ shownAs: 'score' })] });
    expect(stateInWords(line)).toBe(
      'Pneumonia: score 0.83, not a probability · at or above the operating point',
    );
  });

  it('says that a picture is synthetic', () => {
    expect(stateInWords(aLine({ synthetic: true }))).toMatch(/^Synthetic\. /);
  });

  it('shows no number of what was not read', () => {
    for (const state of ['waiting', 'reading', 'refused', 'failed'] as const) {
      const line = aLine({ state, problem: 'The picture is blank.' });
      expect(stateInWords(line)).not.toMatch(/\d/);
      expect(iconOf(line)).toBe(state);
    }
    expect(stateInWords(aLine({ state: 'refused', problem: 'The picture is blank.' }))).toBe(
      'Not read: The picture is blank.',
    );
  });

  it('has a shape for each side', () => {
    expect(iconOf(aLine())).toBe('positive');
    expect(iconOf(aLine({ findings: [aFinding({ positive: false })] }))).toBe('negative');
  });
});

describe('what is said aloud', () => {
  it('is the result in one breath', () => {
    expect(announcement({ analysis: aReading() })).toBe(
      'Pneumonia: probability 0.83. At or above the operating point “balanced” (0.50).',
    );
  });

  it('is the reason when there is no result', () => {
    expect(announcement({ analysis: aRefusal('image.blank') })).toContain('blank');
    expect(announcement({ problem: { code: 'image.damaged', title: 'The file is damaged.' } })).toBe(
      'The file is damaged.',
    );
  });
});
