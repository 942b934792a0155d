import { AppError } from '../../kernel/errors.ts';
import type { DataElement } from '../data-set/element.ts';
import { asciiOf, findElement, latin1, textElement } from '../data-set/values.ts';
import type { Deidentified, DeidentifyOptions } from './deidentify-options.ts';

const modalityTag = 0x00080060;
const burnedInTag = 0x00280301;
/** Screens, films and camera pictures carry writing more often than not; so does ultrasound. */
const oftenWritten: ReadonlySet<string> = new Set(['US', 'OT', 'SC', 'XC', 'ES', 'IVUS', 'SM', 'DOC']);
const secondaryCapture = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.[1-4])?$/;

/** What the file says of writing in its picture. Whatever stands there and is not exactly NO, is taken for yes. */
export function statedBurnedIn(elements: readonly DataElement[]): 'yes' | 'no' | 'unknown' {
  const stated = elements
    .filter(({ tag }) => tag === burnedInTag)
    .map(({ value }) => (value.kind === 'bytes' ? upperCase(latin1(value.bytes)) : 'ITEMS'))
    .filter((text) => text !== '');
  if (stated.length === 0) return 'unknown';
  return stated.every((text) => text === 'NO') ? 'no' : 'yes';
}

function upperCase(text: string): string {
  return text
    .replace(/[\0 ]+$/, '')
    .trim()
    .toUpperCase();
}

/**
 * Burned In Annotation (PS3.3 C.7.6.1.1.1) is respected: yes stops a file, and so does its absence where writing is usual,
 * until masks were given or a person has looked.
 * @throws AppError `deidentify.burned-in`
 */
export function checkBurnedIn(
  elements: readonly DataElement[],
  { masks, burnedInChecked }: Pick<DeidentifyOptions, 'masks' | 'burnedInChecked'>,
): Deidentified['burnedIn'] {
  if (burnedInChecked) return masks.length > 0 ? 'masked' : 'checked';
  const stated = statedBurnedIn(elements);
  if (stated === 'no') return 'none';
  // What an area does not cover may still be read: only a person can say that nothing is left.
  if (masks.length > 0) return 'unknown';
  const modality = elements.flatMap((element) =>
    element.tag === modalityTag ? upperCase(asciiOf(element) ?? '').split('\\') : [],
  );
  const sopClass = asciiOf(findElement(elements, 0x00080016)) ?? '';
  const isUsual = modality.some((each) => oftenWritten.has(each.trim()));
  if (stated === 'yes' || isUsual || secondaryCapture.test(sopClass)) {
    const why =
      stated === 'yes' ? 'the file says so' : `a picture of modality ${modality.join(', ') || 'unknown'}`;
    throw new AppError('deidentify.burned-in', `writing in the picture is likely: ${why}`);
  }
  return 'unknown';
}

/** What the new file says of it: NO where somebody has looked or the old one said so, else what the old one said. */
export function burnedInElements(
  elements: readonly DataElement[],
  burnedIn: Deidentified['burnedIn'],
): readonly DataElement[] {
  if (burnedIn !== 'unknown') return [textElement(burnedInTag, 'CS', 'NO')];
  return statedBurnedIn(elements) === 'yes' ? [textElement(burnedInTag, 'CS', 'YES')] : [];
}
