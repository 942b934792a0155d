import { AppError } from '../../kernel/errors.ts';
import type { DataElement } from '../data-set/element.ts';
import { asciiOf, findElement } from '../data-set/values.ts';
import type { Deidentified, DeidentifyOptions } from './deidentify-options.ts';

const burnedInTag = 0x00280301;
/** Screens, films and camera pictures carry writing more often than not; so does ultrasound. */
const oftenWritten: ReadonlySet<string> = new Set(['US', 'OT', 'SC', 'XC', 'ES', 'IVUS', 'SM', 'DOC']);
const secondaryCapture = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.[1-4])?$/;

/**
 * Burned In Annotation (PS3.3 C.7.6.1.1.1) is respected: YES stops a file, and so does its absence where writing is usual,
 * until masks were given or a person has looked.
 * @throws AppError `deidentify.burned-in`
 */
export function checkBurnedIn(
  elements: readonly DataElement[],
  { masks, burnedInChecked }: Pick<DeidentifyOptions, 'masks' | 'burnedInChecked'>,
): Deidentified['burnedIn'] {
  if (masks.length > 0) return 'masked';
  if (burnedInChecked) return 'checked';
  const stated = asciiOf(findElement(elements, burnedInTag));
  if (stated === 'NO') return 'none';
  const modality = asciiOf(findElement(elements, 0x00080060)) ?? '';
  const sopClass = asciiOf(findElement(elements, 0x00080016)) ?? '';
  if (stated === 'YES' || oftenWritten.has(modality) || secondaryCapture.test(sopClass)) {
    const why = stated === 'YES' ? 'the file says so' : `a picture of modality ${modality || 'unknown'}`;
    throw new AppError('deidentify.burned-in', `writing in the picture is likely: ${why}`);
  }
  return 'unknown';
}
