// Coded entries (PS3.3 8.8): a code of a public scheme says what everybody may know; its meaning is free text.

import type { DataElement } from '../data-set/element.ts';
import { asciiOf, findElement, textElement } from '../data-set/values.ts';
import { isKnownText } from './known-words.ts';

const codeValueTag = 0x00080100;
const schemeTag = 0x00080102;
const meaningTag = 0x00080104;

/**
 * How the codes of the public schemes look. Codes of a maker or a clinic (99…) say what nobody here knows. Those of SNOMED CT
 * are as long as an id, so only sides, parts and views of a chest stay, by themselves; the annotations of UCUM are free text.
 */
const codesOf: Readonly<Record<string, RegExp>> = {
  DCM: /^\d{4,6}$/,
  SCT: /^(24028007|7771000|51440002|66459002|51185008|39607008|80891009|113197003|399348003|399198007|399173006|399067008)$/,
  SRT: /^[A-Z]\d?-[0-9A-F]{4,6}$/,
  SNM3: /^[A-Z]\d?-[0-9A-F]{4,6}$/,
  LN: /^\d{1,5}-\d$/,
  FMA: /^\d{1,5}$/,
  RADLEX: /^RID\d{1,5}$/,
  UCUM: /^(1|%|mm|cm|um|ms|s|min|deg|kV|mA|mAs|uAs|mGy|dGy\.cm2|\[hnsf'U\]|uV|\{(ratio|counts|pixels|beats)\})$/,
};

export function isCodeItem(item: readonly DataElement[]): boolean {
  return item.some(({ tag }) => tag === codeValueTag || tag === schemeTag || tag === meaningTag);
}

/** The code without what is not public; undefined where nothing public is left. */
export function cleanCodeItem(
  item: readonly DataElement[],
  not: ReadonlySet<string>,
): readonly DataElement[] | undefined {
  const [value, scheme, meaning] = [codeValueTag, schemeTag, meaningTag].map((tag) =>
    asciiOf(findElement(item, tag)),
  );
  if (value === undefined || scheme === undefined || codesOf[scheme]?.test(value) !== true) return undefined;
  const isPublic = meaning !== undefined && isKnownText(meaning, not);
  return [
    textElement(codeValueTag, 'SH', value),
    textElement(schemeTag, 'SH', scheme),
    textElement(meaningTag, 'LO', isPublic ? meaning : `Code ${value}`),
  ];
}
