// Patient, study, series and image as a record keeps them (PS3.3 C.7.1 to C.7.6). What a file does not say, or says in a form
// that is none, is absent: nothing is guessed.

import type { DicomTree } from '../data-set/dicom-tree.ts';
import { type PixelSpacing, readPixelSpacing } from '../pixel-spacing.ts';
import { asciiOf, findElement, numberOf } from '../data-set/values.ts';
import { yearsBetween, yearsOfAge } from '../patient-age.ts';
import { decodeValue, type DecodeText } from './character-sets.ts';
import { characterSetsOf } from './header-rows.ts';

export interface StudyRecord {
  readonly patient: {
    /** As the file writes it: "FAMILY^GIVEN=…". */
    readonly name?: string;
    readonly id?: string;
    readonly issuerOfId?: string;
    /** YYYY-MM-DD, like all dates here. */
    readonly birthDate?: string;
    readonly sex?: 'F' | 'M' | 'O';
    readonly ageYears?: number;
  };
  readonly study: {
    readonly instanceUid?: string;
    readonly date?: string;
    /** HH:MM:SS. */
    readonly time?: string;
    readonly id?: string;
    readonly accessionNumber?: string;
    readonly description?: string;
  };
  readonly series: {
    readonly instanceUid?: string;
    readonly number?: number;
    readonly modality?: string;
    readonly bodyPart?: string;
    readonly viewPosition?: string;
    readonly laterality?: 'L' | 'R' | 'B' | 'U';
    readonly description?: string;
    readonly manufacturer?: string;
    readonly modelName?: string;
  };
  readonly image: {
    readonly sopInstanceUid?: string;
    readonly sopClassUid?: string;
    readonly transferSyntax: string;
    readonly number?: number;
    readonly acquisitionDate?: string;
    readonly acquisitionTime?: string;
    readonly rows?: number;
    readonly columns?: number;
    readonly frames?: number;
    readonly spacing?: PixelSpacing;
    readonly burnedIn?: boolean;
    readonly deidentified?: boolean;
  };
}

type Present<Fields> = { -readonly [Key in keyof Fields]: Exclude<Fields[Key], undefined> };

export function readStudyRecord(tree: DicomTree, decode: DecodeText): StudyRecord {
  const { elements, encoding, transferSyntax } = tree;
  const characterSets = characterSetsOf(elements) ?? [];
  const ascii = (tag: number): string | undefined =>
    asciiOf(findElement(elements, tag))?.split('\\')[0]?.trim();
  const text = (tag: number): string | undefined => {
    const value = findElement(elements, tag)?.value;
    if (value?.kind !== 'bytes') return undefined;
    return decodeValue(value.bytes, characterSets, decode).replaceAll('\0', '').trim() || undefined;
  };
  const matching = (tag: number, pattern: RegExp): string | undefined => {
    const value = ascii(tag);
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const oneOf = <Term extends string>(tag: number, terms: readonly Term[]): Term | undefined =>
    terms.find((term) => term === ascii(tag));
  const uid = (tag: number) => matching(tag, /^[0-9]+(\.[0-9]+)+$/);
  const code = (tag: number) => matching(tag, /^[A-Z0-9_ ]{1,16}$/);
  const whole = (tag: number): number | undefined => {
    const value = numberOf(findElement(elements, tag), encoding);
    return value !== undefined && Number.isInteger(value) ? value : undefined;
  };
  const date = (tag: number) => dateOf(ascii(tag));
  const yesNo = (tag: number): boolean | undefined =>
    ascii(tag) === 'YES' ? true : ascii(tag) === 'NO' ? false : undefined;

  return {
    patient: present({
      name: text(0x00100010),
      id: text(0x00100020),
      issuerOfId: text(0x00100021),
      birthDate: date(0x00100030),
      sex: oneOf(0x00100040, ['F', 'M', 'O']),
      ageYears: yearsOfAge(ascii(0x00101010)) ?? yearsBetween(ascii(0x00100030), ascii(0x00080020)),
    }),
    study: present({
      instanceUid: uid(0x0020000d),
      date: date(0x00080020),
      time: timeOf(ascii(0x00080030)),
      id: text(0x00200010),
      accessionNumber: text(0x00080050),
      description: text(0x00081030),
    }),
    series: present({
      instanceUid: uid(0x0020000e),
      number: whole(0x00200011),
      modality: code(0x00080060),
      bodyPart: code(0x00180015),
      viewPosition: code(0x00185101),
      laterality: oneOf(0x00200062, ['L', 'R', 'B', 'U']) ?? oneOf(0x00200060, ['L', 'R']),
      description: text(0x0008103e),
      manufacturer: text(0x00080070),
      modelName: text(0x00081090),
    }),
    image: {
      transferSyntax,
      ...present({
        sopInstanceUid: uid(0x00080018),
        sopClassUid: uid(0x00080016),
        number: whole(0x00200013),
        acquisitionDate: date(0x00080022),
        acquisitionTime: timeOf(ascii(0x00080032)),
        rows: whole(0x00280010),
        columns: whole(0x00280011),
        frames: whole(0x00280008),
        burnedIn: yesNo(0x00280301),
        deidentified: yesNo(0x00120062),
        spacing: readPixelSpacing((tag) => asciiOf(findElement(elements, tag))),
      }),
    },
  };
}

function present<Fields extends object>(fields: Fields): Partial<Present<Fields>> {
  const stated = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(stated) as Partial<Present<Fields>>;
}

/** A day that exists. */
function dateOf(value: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value ?? '') ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month}-${day}`;
  const found = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().startsWith(iso) ? iso : undefined;
}

function timeOf(value: string | undefined): string | undefined {
  const [, hours, minutes = '00', seconds = '00'] =
    /^([01]\d|2[0-3]):?([0-5]\d)?:?([0-5]\d|60)?(?:\.\d+)?$/.exec(value ?? '') ?? [];
  return hours === undefined ? undefined : `${hours}:${minutes}:${seconds}`;
}
