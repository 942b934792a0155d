import type { DataElement } from '../data-set/element.ts';
import { sequenceElement, textElement } from '../data-set/values.ts';
import type { DeidentifyOptions } from './deidentify-options.ts';

/** PS3.16 CID 7050. */
const methods = {
  basic: ['113100', 'Basic Application Confidentiality Profile'],
  pixels: ['113101', 'Clean Pixel Data Option'],
  descriptors: ['113105', 'Clean Descriptors Option'],
  dates: ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
} as const;

/** What the file says of its own de-identification (PS3.15 E.1.1, PS3.3 C.7.1.1 and C.12.1). */
export function methodElements({
  longitudinal,
  cleanDescriptors,
  masks,
  burnedInChecked,
}: Pick<
  DeidentifyOptions,
  'longitudinal' | 'cleanDescriptors' | 'masks' | 'burnedInChecked'
>): readonly DataElement[] {
  const used = [
    methods.basic,
    // Painted areas alone do not make a picture clean.
    ...(masks.length > 0 && burnedInChecked ? [methods.pixels] : []),
    ...(cleanDescriptors ? [methods.descriptors] : []),
    ...(longitudinal ? [methods.dates] : []),
  ];
  return [
    textElement(0x00120062, 'CS', 'YES'),
    textElement(0x00120063, 'LO', 'Fieldray, DICOM PS3.15 Annex E'),
    sequenceElement(
      0x00120064,
      used.map(([value, meaning]) => [
        textElement(0x00080100, 'SH', value),
        textElement(0x00080102, 'SH', 'DCM'),
        textElement(0x00080104, 'LO', meaning),
      ]),
    ),
    textElement(0x00280303, 'CS', longitudinal ? 'MODIFIED' : 'REMOVED'),
  ];
}
