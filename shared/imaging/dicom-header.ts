import type { DataSet } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import type { DicomFile } from './dicom-file.ts';
import { readModalityLut, readPadding, readPalette, readVoiLut, type Palette } from './dicom-lut.ts';
import { checkSize, type PixelDescription } from './stored-pixels.ts';
import type { ModalityLut, VoiLut } from './window-level.ts';

/** What Fieldray reads from a data set: what the picture shows, and what its display needs. No names, no UIDs of people. */
export interface DicomHeader {
  readonly transferSyntax: string;
  readonly sopClassUid?: string;
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly viewPosition?: string;
  /** From Patient's Age, else from birth and study date. */
  readonly patientAgeYears?: number;
  /** Distance between rows, then between columns (PS3.3 10.7.1.3); at the detector where the patient's is not known. */
  readonly spacingMm?: readonly [number, number];
  /** As the file states it, before decoding. */
  readonly photometricInterpretation: string;
  readonly modalityLut: ModalityLut;
  readonly voiLut?: VoiLut;
  /** MONOCHROME1, or Presentation LUT Shape INVERSE: two ways of saying one thing (PS3.3 C.8.11.3.1.2). */
  readonly inverted: boolean;
  /** Closed range of stored values that are padding. */
  readonly padding?: readonly [number, number];
  readonly palette?: Palette;
}

export function readDicomHeader(
  { dataSet, transferSyntax }: DicomFile,
  pixels: PixelDescription,
): DicomHeader {
  const photometricInterpretation = text(dataSet, 'x00280004') ?? 'MONOCHROME2';
  const modalityLut = readModalityLut(dataSet, pixels.signed);
  return {
    transferSyntax,
    photometricInterpretation,
    modalityLut,
    inverted: photometricInterpretation === 'MONOCHROME1' || text(dataSet, 'x20500020') === 'INVERSE',
    ...present({
      sopClassUid: text(dataSet, 'x00080016'),
      modality: text(dataSet, 'x00080060'),
      bodyPart: text(dataSet, 'x00180015'),
      viewPosition: text(dataSet, 'x00185101'),
      patientAgeYears: ageYears(dataSet),
      spacingMm: spacing(dataSet, 'x00280030') ?? spacing(dataSet, 'x00181164'),
      voiLut: readVoiLut(dataSet, modalityLut, pixels.signed),
      padding: readPadding(dataSet, pixels.signed),
      palette:
        photometricInterpretation === 'PALETTE COLOR' ? readPalette(dataSet, pixels.signed) : undefined,
    }),
  };
}

/** Leaves out what the file does not say. */
function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

/** The Image Pixel module (PS3.3 C.7.6.3), as stated. Throws where a size is missing, absurd or above the budget. */
export function readPixelDescription({ dataSet, transferSyntax }: DicomFile): PixelDescription {
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  checkSize(columns, rows);
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0;
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  const samplesPerPixel = dataSet.uint16('x00280002') ?? 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    const found = `${samplesPerPixel} samples of ${bitsStored} in ${bitsAllocated} bits`;
    throw new AppError('image.unsupported', found);
  }
  return {
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    signed: dataSet.uint16('x00280103') === 1,
    photometricInterpretation: text(dataSet, 'x00280004') ?? 'MONOCHROME2',
    frames: Math.max(1, dataSet.intString('x00280008') ?? 1),
    transferSyntax,
  };
}

function text(dataSet: DataSet, tag: string): string | undefined {
  const value = dataSet.string(tag);
  return value === undefined || value === '' ? undefined : value;
}

function spacing(dataSet: DataSet, tag: string): readonly [number, number] | undefined {
  const row = dataSet.floatString(tag, 0) ?? 0;
  const column = dataSet.floatString(tag, 1) ?? 0;
  return row > 0 && column > 0 ? [row, column] : undefined;
}

const daysPerUnit: Readonly<Record<string, number>> = { D: 1, W: 7, M: 365.25 / 12, Y: 365.25 };

/** AS is nnnD, nnnW, nnnM or nnnY (PS3.5 6.2). */
function ageYears(dataSet: DataSet): number | undefined {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(text(dataSet, 'x00101010') ?? '') ?? [];
  if (count !== undefined && unit !== undefined) return (Number(count) * (daysPerUnit[unit] ?? 0)) / 365.25;
  const born = dayOf(text(dataSet, 'x00100030'));
  const seen = dayOf(text(dataSet, 'x00080020'));
  return born === undefined || seen === undefined || seen < born ? undefined : (seen - born) / 365.25;
}

/** Days since the epoch of a DA value, YYYYMMDD (PS3.5 6.2). */
function dayOf(date: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '') ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
}
