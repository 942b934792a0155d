import { describe, expect, it } from 'vitest';
import type { HeaderRow } from '../../../../shared/imaging/header/header-rows.ts';
import { filterRows } from './filter-rows.ts';

const row = (depth: number, name: string, tag = '', value = '', personal = false): HeaderRow => ({
  depth,
  name,
  tag,
  vr: 'LO',
  value,
  personal,
});
const rows = [
  row(0, 'Modality', '(0008,0060)', 'DX'),
  row(0, 'Patient Name', '(0010,0010)', 'OKELLO, GRACE', true),
  row(0, 'Request Attributes Sequence', '(0040,0275)', '1 item'),
  row(1, 'Item 1'),
  row(2, 'Scheduled Procedure Step ID', '(0040,0009)', 'A77'),
  row(2, 'Requested Procedure ID', '(0040,1001)', 'B88'),
  row(0, 'Rows', '(0028,0010)', '512'),
];
const names = (search: string, onlyPersonal = false): string[] =>
  filterRows(rows, search, onlyPersonal).map(({ name }) => name);

describe('the search in a header', () => {
  it('finds names, tags and values', () => {
    expect(names('patient')).toEqual(['Patient Name']);
    expect(names('0010,0010')).toEqual(['Patient Name']);
    expect(names('00280010')).toEqual(['Rows']);
    expect(names('grace')).toEqual(['Patient Name']);
    expect(names('grace dx')).toEqual([]);
  });

  it('keeps what is around a row', () => {
    expect(names('b88')).toEqual(['Request Attributes Sequence', 'Item 1', 'Requested Procedure ID']);
  });

  it('shows all without a search, and only personal ones when asked', () => {
    expect(names(' ')).toHaveLength(rows.length);
    expect(names('', true)).toEqual(['Patient Name']);
  });
});
