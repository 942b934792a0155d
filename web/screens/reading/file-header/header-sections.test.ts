import { expect, it } from 'vitest';
import type { HeaderRow } from '../../../../shared/imaging/header/header-rows.ts';
import { headerSections } from './header-sections.ts';

const row = (name: string, tag: string, depth = 0): HeaderRow => ({
  depth,
  name,
  tag,
  vr: 'LO',
  value: 'x',
  personal: false,
});

it('puts patient, study and date first, and the lengths of groups last', () => {
  const sections = headerSections([
    row('Group Length', '(0008,0000)'),
    row('SOP Class UID', '(0008,0016)'),
    row('Study Date', '(0008,0020)'),
    row('Request Attributes Sequence', '(0040,0275)'),
    row('Item 1', '', 1),
    row('Patient Name', '(0010,0010)', 2),
    row('Patient Name', '(0010,0010)'),
    row('Rows', '(0028,0010)'),
  ]);
  expect(sections.map(({ title, rows }) => [title, rows.map(({ name }) => name)])).toEqual([
    ['Patient and study', ['Patient Name', 'Study Date']],
    [
      'Everything else',
      ['SOP Class UID', 'Request Attributes Sequence', 'Item 1', 'Patient Name', 'Rows', 'Group Length'],
    ],
  ]);
});

it('has no section without lines', () => {
  expect(headerSections([row('Rows', '(0028,0010)')]).map(({ title }) => title)).toEqual(['Everything else']);
  expect(headerSections([])).toEqual([]);
});
