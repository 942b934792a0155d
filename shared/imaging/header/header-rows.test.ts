import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../tests/fixtures/decode-text.ts';
import {
  bytes,
  type DicomElement,
  type FileOptions,
  imageFile,
  sequence,
  text,
  words,
} from '../../../tests/fixtures/dicom-builder.ts';
import { readDicomTree } from '../data-set/dicom-tree.ts';
import { vrByDictionary } from './data-dictionary.ts';
import { headerRows } from './header-rows.ts';
import { readStudyRecord } from './study-record.ts';

function tree(extra: readonly DicomElement[], options: FileOptions = {}) {
  const file = imageFile({ rows: 2, columns: 2, pixels: [0, 1, 2, 3], extra, ...options });
  return readDicomTree(file, vrByDictionary);
}
const latin = (tag: number, vr: string, value: string): DicomElement =>
  bytes(tag, vr, Buffer.from(value, 'latin1'));

describe('the rows of a header', () => {
  const rows = headerRows(
    tree([
      text(0x00080005, 'CS', 'ISO_IR 100'),
      text(0x00080008, 'CS', 'DERIVED\\\\\\AXIAL'),
      text(0x00081048, 'PN', '\\\\\\'),
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'),
      text(0x00080020, 'DA', '20240229'),
      text(0x00080030, 'TM', '101530.25'),
      text(0x0008002a, 'DT', '20240229101500+0100'),
      latin(0x00100010, 'PN', 'BUC^J\u00c9R\u00d4ME'),
      text(0x00101010, 'AS', '005Y'),
      text(0x00181164, 'DS', '0.2\\0.2'),
      text(0x00090010, 'LO', 'MAKER'),
      bytes(0x00091001, 'OB', new Uint8Array(10)),
      text(0x00081fff, 'LO', 'x'),
      sequence(0x00081140, [
        text(0x00081155, 'UI', '1.2.3'),
        sequence(0x00081250, [words(0x00280010, 'US', 7)]),
      ]),
    ]),
    decodeText,
  );
  const row = (tag: string) => rows.find((each) => each.tag === tag && each.depth === 0);

  it('have names and readable values', () => {
    expect(row('(0002,0010)')).toMatchObject({
      name: 'Transfer Syntax UID',
      value: 'Explicit VR Little Endian (1.2.840.10008.1.2.1)',
    });
    const values = ['(0008,0016)', '(0008,0020)', '(0008,0030)', '(0008,002A)', '(0010,0010)', '(0010,1010)'];
    expect(values.map((tag) => [row(tag)?.name, row(tag)?.value])).toEqual([
      ['SOP Class UID', 'Digital X-Ray Image, for presentation (1.2.840.10008.5.1.4.1.1.1.1)'],
      ['Study Date', '2024-02-29'],
      ['Study Time', '10:15:30.25'],
      ['Acquisition Date Time', '2024-02-29 10:15:00 +0100'],
      ['Patient Name', 'BUC, JÉRÔME'],
      ['Patient Age', '5 years'],
    ]);
    expect(row('(0018,1164)')?.value).toBe('0.2; 0.2');
    expect(row('(0008,0008)')?.value).toBe('DERIVED; –; –; AXIAL');
    expect(row('(0008,1048)')?.value).toBe('');
    expect(row('(0028,0010)')?.value).toBe('2');
    expect(row('(7FE0,0010)')?.value).toBe('8 bytes');
  });

  it('say what is personal, private and not in the standard', () => {
    expect(rows.filter(({ personal }) => personal).map(({ tag }) => tag)).toContain('(0010,0010)');
    expect(row('(0028,0010)')?.personal).toBe(false);
    expect(row('(0009,1001)')).toMatchObject({ name: 'Private: MAKER', value: '10 bytes', personal: true });
    expect(row('(0008,1FFF)')?.name).toBe('Not in the standard');
  });

  it('nest sequences', () => {
    const at = rows.findIndex(({ tag }) => tag === '(0008,1140)');
    expect(rows.slice(at, at + 6).map(({ depth, name, value }) => [depth, name, value])).toEqual([
      [0, 'Referenced Image Sequence', '1 item'],
      [1, 'Item 1', ''],
      [2, 'Referenced SOP Instance UID', '1.2.3'],
      [2, 'Related Series Sequence', '1 item'],
      [3, 'Item 1', ''],
      [4, 'Rows', '7'],
    ]);
  });

  it('stop where the file is damaged, and say so', () => {
    const file = imageFile({
      rows: 2,
      columns: 2,
      pixels: [0, 1, 2, 3],
      extra: [text(0x00100010, 'PN', 'AB')],
    });
    const cut = readDicomTree(file.subarray(0, file.length - 4), vrByDictionary);
    expect(cut.problem?.code).toBe('image.truncated');
    expect(headerRows(cut, decodeText).map(({ name }) => name)).toContain('Patient Name');
  });
});

describe('the record of a file', () => {
  it('holds what the file says', () => {
    const record = readStudyRecord(
      tree([
        text(0x00080018, 'UI', '1.2.3.4'),
        text(0x00080020, 'DA', '2024.02.29'),
        text(0x00080030, 'TM', '1015'),
        text(0x00100010, 'PN', 'OKELLO^GRACE'),
        text(0x00100020, 'LO', '4711'),
        text(0x00100030, 'DA', '20190228'),
        text(0x00100040, 'CS', 'F'),
        text(0x00185101, 'CS', 'PA'),
        text(0x0020000d, 'UI', '1.2.3'),
        text(0x00181164, 'DS', '0.2\\0.2'),
        text(0x00280030, 'DS', '0.18\\0.18'),
      ]),
      decodeText,
    );
    expect(record).toMatchObject({
      patient: { name: 'OKELLO^GRACE', id: '4711', birthDate: '2019-02-28', sex: 'F' },
      study: { instanceUid: '1.2.3', date: '2024-02-29', time: '10:15:00' },
      series: { modality: 'DX', viewPosition: 'PA' },
      image: {
        sopInstanceUid: '1.2.3.4',
        rows: 2,
        columns: 2,
        spacing: { rowMm: 0.18, columnMm: 0.18, source: 'patient' },
      },
    });
    expect(record.patient.ageYears).toBeCloseTo(5, 1);
  });

  it('leaves out what is missing or damaged', () => {
    const record = readStudyRecord(
      tree([
        text(0x00080018, 'UI', 'not a uid'),
        text(0x00080020, 'DA', '20249999'),
        text(0x00080030, 'TM', '9999'),
        text(0x00100030, 'DA', '??'),
        text(0x00100040, 'CS', 'girl'),
        text(0x00280030, 'DS', '0\\x'),
      ]),
      decodeText,
    );
    expect(record.patient).toEqual({});
    expect(record.study).toEqual({});
    expect(Object.keys(record.image).toSorted()).toEqual(['columns', 'rows', 'transferSyntax']);
  });
});
