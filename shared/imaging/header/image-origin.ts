import { readDicomTree } from '../data-set/dicom-tree.ts';
import { detectFormat } from '../image-format.ts';
import type { DecodeText } from './character-sets.ts';
import { vrByDictionary } from './data-dictionary.ts';
import { readStudyRecord } from './study-record.ts';

/** Whose picture it is and when it was taken, as far as the file says so. */
export interface ImageOrigin {
  readonly patient?: {
    /** As the file writes it: "FAMILY^GIVEN=…". */
    readonly name?: string;
    readonly id?: string;
    /** YYYY-MM-DD. */
    readonly birthDate?: string;
    readonly sex?: 'F' | 'M' | 'O';
  };
  /** Study Instance UID (0020,000D). */
  readonly study?: string;
  /** By the clock of whatever took it; without a zone. */
  readonly acquiredAt?: string;
}

/** What lies in a column and in a list has an end. */
const longest = { name: 300, id: 100, study: 200 } as const;

/** Empty for a file without a header. @throws AppError `image.*` as `readDicomTree` */
export function imageOrigin(file: Uint8Array, decode: DecodeText): ImageOrigin {
  if (detectFormat(file) !== 'dicom') return {};
  const { patient, study, image } = readStudyRecord(readDicomTree(file, vrByDictionary), decode);
  const { name, id, birthDate, sex } = patient;
  const person = {
    ...(name !== undefined && { name: name.slice(0, longest.name) }),
    ...(id !== undefined && { id: id.slice(0, longest.id) }),
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== undefined && { sex }),
  };
  const date = image.acquisitionDate ?? study.date;
  const time = image.acquisitionDate === undefined ? study.time : image.acquisitionTime;
  const { instanceUid } = study;
  return {
    ...(Object.keys(person).length > 0 && { patient: person }),
    ...(instanceUid !== undefined && { study: instanceUid.slice(0, longest.study) }),
    // A leap second has no place in the form that is kept.
    ...(date !== undefined && time !== undefined && { acquiredAt: `${date}T${time.replace(/60$/, '59')}` }),
  };
}
