import type { DataSet } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import type { DicomFile, PixelData } from './dicom-file.ts';
import { readModalityLut, readPadding, readPalette, readVoiLut, type Palette } from './dicom-lut.ts';
import { yearsBetween, yearsOfAge } from './patient-age.ts';
import { readPixelAspect } from './pixel-aspect.ts';
import { knownPhotometric } from './photometric.ts';
import { type PixelSpacing, readPixelSpacing } from './pixel-spacing.ts';
import { checkSize, type PixelDescription } from './stored-pixels.ts';
import type { ModalityLut, VoiLut } from './window-level.ts';

/** What Fieldray reads from a data set: what the picture shows, and what its display needs. No names, no UIDs of people. */
export interface DicomHeader {
  readonly transferSyntax: string;
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly viewPosition?: string;
  /** Patient Orientation (0020,0020): where the rows and the columns of the picture run to, `L\F` on a frontal film. */
  readonly patientOrientation?: string;
  /** Code Meaning of the View Code Sequence (0054,0220). */
  readonly viewMeaning?: string;
  /** Series Description and Protocol Name: free text of the department. */
  readonly descriptions?: readonly string[];
  /** From Patient's Age, else from birth and study date. */
  readonly patientAgeYears?: number;
  readonly modalityLut: ModalityLut;
  readonly voiLut?: VoiLut;
  /** MONOCHROME1, or Presentation LUT Shape INVERSE: two ways of saying one thing (PS3.3 C.8.11.3.1.2). */
  readonly inverted: boolean;
  /** Closed range of stored values that are padding. */
  readonly padding?: readonly [number, number];
  readonly palette?: Palette;
  /** Height of a stored pixel in widths. */
  readonly pixelAspect: number;
  /** Of the stored pixels. */
  readonly spacing?: PixelSpacing;
}

export function readDicomHeader(
  { dataSet, transferSyntax }: DicomFile,
  pixels: PixelDescription,
): DicomHeader {
  const { photometricInterpretation } = pixels;
  const modalityLut = readModalityLut(dataSet, pixels.signed);
  return {
    transferSyntax,
    modalityLut,
    pixelAspect: readPixelAspect(dataSet),
    inverted: photometricInterpretation === 'MONOCHROME1' || text(dataSet, 'x20500020') === 'INVERSE',
    ...present({
      modality: text(dataSet, 'x00080060'),
      bodyPart: text(dataSet, 'x00180015'),
      viewPosition: text(dataSet, 'x00185101'),
      patientOrientation: text(dataSet, 'x00200020'),
      viewMeaning: viewMeaning(dataSet),
      descriptions: descriptions(dataSet),
      patientAgeYears:
        yearsOfAge(text(dataSet, 'x00101010')) ??
        yearsBetween(text(dataSet, 'x00100030'), text(dataSet, 'x00080020')),
      voiLut: readVoiLut(dataSet, modalityLut, pixels.signed),
      padding: readPadding(dataSet, pixels.signed),
      palette:
        photometricInterpretation === 'PALETTE COLOR' ? readPalette(dataSet, pixels.signed) : undefined,
      spacing: readPixelSpacing((tag) => dataSet.string(`x${tag.toString(16).padStart(8, '0')}`)),
    }),
  };
}

function viewMeaning(dataSet: DataSet): string | undefined {
  const item = dataSet.elements['x00540220']?.items?.[0]?.dataSet;
  return item && text(item, 'x00080104');
}

function descriptions(dataSet: DataSet): readonly string[] | undefined {
  const found = ['x0008103e', 'x00181030']
    .map((tag) => text(dataSet, tag))
    .filter((each) => each !== undefined);
  return found.length === 0 ? undefined : found;
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
export function readPixelDescription(
  { dataSet, transferSyntax }: DicomFile,
  kind: PixelData['kind'] = 'integer',
): PixelDescription {
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  checkSize(columns, rows);
  const statedBits = dataSet.uint16('x00280100') ?? 0;
  // Floating-point samples have no bits stored (PS3.3 C.7.6.24).
  const bitsAllocated = kind === 'float' ? 32 : kind === 'double' ? 64 : statedBits;
  const bitsStored = (kind === 'integer' ? dataSet.uint16('x00280101') : undefined) ?? bitsAllocated;
  const samplesPerPixel = dataSet.uint16('x00280002') ?? 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    const found = `${samplesPerPixel} samples of ${bitsStored} in ${bitsAllocated} bits`;
    throw new AppError('image.unsupported', found);
  }
  if (bitsAllocated > (kind === 'integer' ? 32 : 64) || (kind !== 'integer' && samplesPerPixel > 1))
    throw new AppError('image.unsupported', `${samplesPerPixel} samples of ${bitsAllocated} bits`);
  const signed = kind !== 'integer' || dataSet.uint16('x00280103') === 1;
  if (samplesPerPixel === 3 && (signed || bitsAllocated === 1))
    throw new AppError('image.unsupported', `colour of ${bitsAllocated} bits, ${signed ? '' : 'un'}signed`);
  return {
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    signed,
    photometricInterpretation: knownPhotometric(text(dataSet, 'x00280004') ?? 'MONOCHROME2', samplesPerPixel),
    // What is no number is read as one frame.
    frames: Math.max(1, dataSet.intString('x00280008') || 1),
    transferSyntax,
  };
}

function text(dataSet: DataSet, tag: string): string | undefined {
  const value = dataSet.string(tag);
  return value === undefined || value === '' ? undefined : value;
}
