import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { imageFile, text, type DicomElement } from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';
import type { DicomHeader } from './dicom-header.ts';

async function headerOf(...extra: readonly DicomElement[]): Promise<DicomHeader | undefined> {
  const { header } = await decodeImage(imageFile({ rows: 1, columns: 1, pixels: [1], extra }), loadCodecFile);
  return header;
}

const age = (value: string): DicomElement => text(0x00101010, 'AS', value);
const born = (value: string): DicomElement => text(0x00100030, 'DA', value);
const study = text(0x00080020, 'DA', '20200701');

describe('what a DICOM header says', () => {
  it('view, body part and modality', async () => {
    const header = await headerOf(text(0x00185101, 'CS', 'PA'), text(0x00180015, 'CS', 'CHEST'));
    expect(header).toMatchObject({ modality: 'DX', viewPosition: 'PA', bodyPart: 'CHEST' });
  });

  it.each([
    ['003Y', 3],
    ['018M', 1.5],
    ['010W', 70 / 365.25],
    ['005D', 5 / 365.25],
  ])('the age %s in years', async (value, years) => {
    expect((await headerOf(age(value)))?.patientAgeYears).toBeCloseTo(years, 10);
  });

  it('the age from birth and study date, unless one is missing or they are the wrong way round', async () => {
    expect((await headerOf(born('20180701'), study))?.patientAgeYears).toBe(2);
    expect(await headerOf(born('20210701'), study)).not.toHaveProperty('patientAgeYears');
    expect(await headerOf(age('UNKN'))).not.toHaveProperty('patientAgeYears');
  });

  it('no names and no identifiers', async () => {
    const header = await headerOf(text(0x00100010, 'PN', 'Doe^Jane'), text(0x00100020, 'LO', 'ID-4711'));
    expect(JSON.stringify(header)).not.toMatch(/Doe|4711/);
  });
});
