import { describe, expect, it } from 'vitest';
import { patientOf } from './patient-of.ts';

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe('what somebody wrote down of a patient', () => {
  it('is what stands in the fields, and nothing where they are empty', () => {
    const fields = { name: ' Okello, Grace ', id: ' 17 ', birthDate: '2021-03-04', sex: 'F' };
    expect(patientOf(form(fields), {})).toEqual({
      name: 'Okello, Grace',
      id: '17',
      birthDate: '2021-03-04',
      sex: 'F',
    });
    expect(patientOf(form({ name: '  ', id: '', birthDate: 'soon', sex: 'X' }), {})).toBeUndefined();
  });

  it('leaves a name as the file wrote it where nobody touched it', () => {
    const before = { name: 'OKELLO^GRACE' };
    expect(patientOf(form({ name: 'OKELLO, GRACE', id: '17' }), before)?.name).toBe('OKELLO^GRACE');
    expect(patientOf(form({ name: 'OKELLO, ROSE' }), before)?.name).toBe('OKELLO, ROSE');
    expect(patientOf(form({ name: '', id: '17' }), before)).toEqual({ id: '17' });
  });
});
