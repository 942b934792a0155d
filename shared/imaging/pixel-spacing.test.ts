import { describe, expect, it } from 'vitest';
import { type DicomElement, imageFile, text } from '../../tests/fixtures/dicom-builder.ts';
import { openDicom } from './dicom-file.ts';
import { readPixelSpacing } from './pixel-spacing.ts';

const stated = (value: string): DicomElement => text(0x00280030, 'DS', value);
const imager = (value: string): DicomElement => text(0x00181164, 'DS', value);
const scanned = (value: string): DicomElement => text(0x00182010, 'DS', value);
const magnified = (value: string): DicomElement => text(0x00181114, 'DS', value);
const slice = text(0x00080060, 'CS', 'CT');

function spacingOf(...extra: DicomElement[]): ReturnType<typeof readPixelSpacing> {
  const { dataSet } = openDicom(imageFile({ rows: 1, columns: 1, pixels: [0], extra }));
  return readPixelSpacing((tag) => dataSet.string(`x${tag.toString(16).padStart(8, '0')}`));
}

describe('the size of a pixel', () => {
  it('is that of the detector where nothing says how much larger than the patient that is', () => {
    expect(spacingOf(imager('0.2\\0.1'))).toEqual({ rowMm: 0.2, columnMm: 0.1, source: 'detector' });
    expect(spacingOf(imager('0.143\\0.143'), stated('0.1430\\0.143'))).toMatchObject({ source: 'detector' });
  });

  it('is that of the patient where it has been calibrated', () => {
    const spacing = { rowMm: 0.13, columnMm: 0.13, source: 'patient' };
    expect(spacingOf(imager('0.143\\0.143'), stated('0.13\\0.13'))).toEqual(spacing);
    expect(spacingOf(scanned('0.2\\0.2'), stated('0.13\\0.13'))).toEqual(spacing);
    expect(spacingOf(stated('0.13\\0.13'), text(0x00280a02, 'CS', 'FIDUCIAL'))).toEqual(spacing);
  });

  it('is that of the patient in a slice', () => {
    expect(spacingOf(slice, stated('0.7\\0.7'))).toEqual({ rowMm: 0.7, columnMm: 0.7, source: 'patient' });
  });

  it('is corrected by a stated magnification, and says that this is an estimate', () => {
    const spacing = spacingOf(imager('0.15\\0.30'), magnified('1.2'))!;
    expect(spacing.source).toBe('estimated');
    expect(spacing.rowMm).toBeCloseTo(0.125, 12);
    expect(spacing.columnMm).toBeCloseTo(0.25, 12);
  });

  it.each(['1', '0', '0.8', '-2', '1e9', 'none'])('is not corrected by a magnification of %s', (factor) => {
    expect(spacingOf(imager('0.15\\0.15'), magnified(factor))).toEqual({
      rowMm: 0.15,
      columnMm: 0.15,
      source: 'detector',
    });
  });

  it('is that of the film where one was scanned', () => {
    expect(spacingOf(scanned('0.175\\0.175'))).toMatchObject({ rowMm: 0.175, source: 'film' });
  });

  it('is taken as it is where a projection does not say what it refers to', () => {
    expect(spacingOf(stated('0.2\\0.2'))).toEqual({ rowMm: 0.2, columnMm: 0.2, source: 'unstated' });
  });

  it.each(['0\\0', '0.2\\0', '-0.2\\0.2', '0.2', '', 'abc\\def', '1e9\\1e9', '1e-9\\1e-9'])(
    'is unknown where the file says %j',
    (value) => {
      expect(spacingOf(stated(value))).toBeUndefined();
      expect(spacingOf(stated('0.2\\0.2'), imager(value))).toMatchObject({ source: 'unstated' });
    },
  );

  it('is unknown where the file says nothing', () => {
    expect(spacingOf()).toBeUndefined();
  });
});
