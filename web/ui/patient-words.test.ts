import { describe, expect, it } from 'vitest';
import { nameInWords, patientFacts, patientInShort } from './patient-words.ts';

describe('a patient', () => {
  it.each([
    ['DOE^JANE', 'DOE, JANE'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['=山田^太郎', '山田, 太郎'],
    ['OKELLO', 'OKELLO'],
    ['OKELLO^^MARY^DR', 'OKELLO, MARY DR'],
    ['^^^', ''],
  ])('named %s is written %s', (name, words) => {
    expect(nameInWords(name)).toBe(words);
  });

  it('is told in short by name and number, or by what is known', () => {
    expect(patientInShort([{ name: 'DOE^JANE', id: '17' }])).toBe('DOE, JANE · 17');
    expect(patientInShort([{ id: '17' }])).toBe('17');
    expect(patientInShort([{ name: '^' }])).toBeUndefined();
    expect(patientInShort()).toBeUndefined();
    expect(patientInShort([{ id: '17' }, { id: '18' }])).toBeUndefined();
  });

  it('is told whole without inventing anything', () => {
    expect(patientFacts({ name: 'DOE^JANE', birthDate: '2021-03-04', sex: 'F' })).toEqual([
      ['Name', 'DOE, JANE'],
      ['Born', '2021-03-04'],
      ['Sex', 'female'],
    ]);
    expect(patientFacts({})).toEqual([]);
  });
});
