import { describe, expect, it } from 'vitest';
import type { FileTaken } from '../../engine/records-api.ts';
import { fileName, madeInWords, takenInWords } from './stick-words.ts';

const taken = (entries: object, pictures: object = {}): FileTaken => ({
  kind: 'records',
  device: 'a'.repeat(32),
  madeAt: 0,
  entries: { fresh: 0, known: 0, orphans: 0, refused: 0, ...entries },
  pictures: { fresh: 0, known: 0, refused: 0, ...pictures },
});

describe('a file on a stick', () => {
  it('is named for the day and the device, and for nobody', () => {
    expect(fileName('0123456789abcdef', new Date('2026-11-23T12:00:00Z'))).toBe(
      'fieldray-2026-11-23-012345.bundle',
    );
  });

  it('says what is in it', () => {
    expect(madeInWords({ entries: 1, pictures: 2, broken: [] })[0]).toBe(
      'The file has 1 record and 2 pictures.',
    );
    expect(madeInWords({ entries: 0, pictures: 0, broken: [] })).toHaveLength(2);
  });

  it('says what of it was new, what has to wait and what proved nothing', () => {
    expect(takenInWords(taken({ known: 3 }))).toEqual(['Everything in this file was here already.']);
    expect(takenInWords(taken({ fresh: 2, orphans: 1 }, { fresh: 1 }))).toEqual([
      'New here: 2 records and 1 picture.',
      expect.stringContaining('not here yet: 1 record.') as string,
    ]);
    expect(takenInWords(taken({ refused: 1 }, { refused: 1 }))[1]).toContain('does not prove who made it');
    expect(takenInWords({ kind: 'reply', delivered: 2 })).toEqual(['The hub has 2 records of this device.']);
    expect(takenInWords({ kind: 'reply', delivered: 0 })).toEqual([
      'The hub’s answer was known here already.',
    ]);
  });
});
