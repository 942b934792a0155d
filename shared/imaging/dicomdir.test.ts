import { describe, expect, it } from 'vitest';
import { type BuiltRecord, dicomdirFile } from '../../tests/fixtures/dicomdir-builder.ts';
import { phantomDicom } from '../../tests/fixtures/phantom-dicom.ts';
import { listedFiles } from './dicomdir.ts';
import { isDicomdir } from './is-dicomdir.ts';
import { orderByList } from './order-by-list.ts';

const image = (file: string, rest: Partial<BuiltRecord> = {}): BuiltRecord => ({
  type: 'IMAGE',
  file,
  ...rest,
});
const patient = (...images: readonly BuiltRecord[]): BuiltRecord => ({
  type: 'PATIENT',
  lower: [{ type: 'STUDY', lower: [{ type: 'SERIES', lower: images }] }],
});
const records = [patient(image('A\\2'), image('A\\1')), patient(image('B\\1'))];

describe('a DICOMDIR', () => {
  it('is told by its class, not by its name', () => {
    expect(isDicomdir(dicomdirFile(records))).toBe(true);
    expect(isDicomdir(phantomDicom({ width: 130, height: 130 }))).toBe(false);
    expect(isDicomdir(new Uint8Array(10))).toBe(false);
  });

  it('gives its files patient by patient, in the order of its pointers', () => {
    expect(listedFiles(dicomdirFile(records))).toEqual(['A/2', 'A/1', 'B/1']);
  });

  it('gives all of them once when the pointers lead nowhere', () => {
    expect([...listedFiles(dicomdirFile(records, true))].toSorted()).toEqual(['A/1', 'A/2', 'B/1']);
  });

  it('leaves out what is not in use any more', () => {
    expect(listedFiles(dicomdirFile([patient(image('A\\1', { inUse: false }), image('A\\2'))]))).toEqual([
      'A/2',
    ]);
  });
});

describe('files put in the order of a list', () => {
  const files = ['a/1', 'b/1', 'a/2', 'extra'].map((name) => ({ name }));

  it('come as it says, then the others; what is not there is named', () => {
    const { ordered, missing } = orderByList(files, ({ name }) => name, ['A/2', 'A/1', 'A/3']);
    expect(ordered.map(({ name }) => name)).toEqual(['a/2', 'a/1', 'b/1', 'extra']);
    expect(missing).toEqual(['A/3']);
  });

  it('are only those that were found, wherever a name would lead', () => {
    const { ordered, missing } = orderByList(files, ({ name }) => name, ['../../etc/passwd', '/etc/passwd']);
    expect(ordered).toHaveLength(4);
    expect(missing).toEqual(['../../etc/passwd', '/etc/passwd']);
  });
});
