import { type DataElement, type Encoding, pixelDataTag } from '../data-set/element.ts';
import { asciiOf, findElement, latin1, numberOf, textElement } from '../data-set/values.ts';
import { cleanCodeItem, isCodeItem } from './code-items.ts';
import { confidentialityEntry } from './confidentiality-table.ts';
import { effectiveVr, type ElementRule, elementRule, type RuleOptions } from './element-rule.ts';
import { isKnownMaker, isKnownText, knownPart } from './known-words.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isTime, shiftDates } from './shift-date.ts';
import { isStandardUid } from './standard-uids.ts';

export interface Cleaning extends RuleOptions {
  readonly pseudonyms: Pseudonyms;
  /** Words of the patient's name: they do not stay where they are also names of body parts. */
  readonly nameWords: ReadonlySet<string>;
  readonly encoding: Encoding;
}

/** The elements without what can tell who the patient is, in every sequence too. Nothing of the result is left unread. */
export function cleanElements(elements: readonly DataElement[], cleaning: Cleaning): DataElement[] {
  return elements.flatMap((element) => {
    const cleaned = cleanElement(element, elements, cleaning);
    return cleaned === undefined ? [] : [cleaned];
  });
}

function cleanElement(
  element: DataElement,
  siblings: readonly DataElement[],
  cleaning: Cleaning,
): DataElement | undefined {
  const { tag, value } = element;
  const vr = effectiveVr(tag, element.vr);
  if (vr === undefined) return undefined;
  const rule = ruleFor({ tag, vr, value }, cleaning);
  if (rule === 'remove') return undefined;
  if (value.kind === 'fragments') return rule === 'binary' ? element : undefined;
  if (value.kind === 'items') {
    if (vr !== 'SQ') return undefined;
    return {
      tag,
      vr,
      value: { kind: 'items', items: rule === 'items' ? cleanItems(value.items, cleaning) : [] },
    };
  }
  if (vr === 'SQ') return { tag, vr, value: { kind: 'items', items: [] } };
  const { bytes } = value;
  const text = cleanText(rule, { tag, vr, value }, cleaning);
  if (text !== undefined) return textElement(tag, vr, text);
  if (rule === 'binary-number') return isBinaryNumber(bytes, vr) ? { tag, vr, value } : undefined;
  if (rule !== 'binary') return undefined;
  const used = bytes.subarray(0, usedLength(tag, bytes.length, siblings, cleaning.encoding));
  return { tag, vr, value: { kind: 'bytes', bytes: used } };
}

/** A description of which no word is known is one that is not cleaned. */
function ruleFor(element: DataElement, cleaning: Cleaning): ElementRule {
  const { tag, vr } = element;
  const rule = elementRule(tag, vr, cleaning);
  const isLost = rule === 'known-words' && knownPart(asciiOf(element) ?? '', cleaning.nameWords) === '';
  return isLost ? elementRule(tag, vr, { ...cleaning, cleanDescriptors: false }) : rule;
}

function cleanItems(
  items: readonly (readonly DataElement[])[],
  cleaning: Cleaning,
): (readonly DataElement[])[] {
  return items.flatMap((item) => {
    if (!isCodeItem(item)) {
      // Pixel data inside a sequence is another picture, a small one most often.
      return [
        cleanElements(
          item.filter(({ tag }) => tag !== pixelDataTag),
          cleaning,
        ),
      ];
    }
    const code = cleanCodeItem(item, cleaning.nameWords);
    return code === undefined ? [] : [code];
  });
}

/** Undefined: the element goes, or its rule is not about text. */
function cleanText(
  rule: ElementRule,
  element: DataElement,
  { pseudonyms, nameWords }: Cleaning,
): string | undefined {
  const { tag, vr } = element;
  const text = asciiOf(element) ?? '';
  switch (rule) {
    case 'empty':
      return '';
    case 'dummy':
      return dummyOf(vr);
    case 'pseudonym':
      return pseudonymOf(tag, pseudonyms);
    case 'replace-uids':
      return replaceUids(tag, text, pseudonyms.uids);
    case 'shift-dates':
      if (vr === 'TM') return isTime(text) ? text : undefined;
      return vr === 'DA' || vr === 'DT' ? shiftDates(text, vr, pseudonyms.shiftDays) : undefined;
    case 'known-words':
      return knownPart(text, nameWords);
    case 'known-text':
      return knownText(text, vr, nameWords);
    case 'known-maker':
      return isKnownMaker(text) ? text : '';
    case 'number':
      return numbersOf(text, vr);
    case 'binary':
    case 'binary-number':
    case 'items':
    case 'remove':
      return undefined;
  }
}

/** Of several values the unknown ones are left empty, so that the others keep their place (Image Type). */
function knownText(text: string, vr: string, nameWords: ReadonlySet<string>): string {
  // A coded string is a defined term even where a patient is called Chest or Head.
  const not = vr === 'CS' ? new Set<string>() : nameWords;
  const values = text.split('\\').map((value) => (isKnownText(value, not) ? value.trim() : ''));
  return values.every((value) => value === '') ? '' : values.join('\\');
}

/** The name of a study or a picture is never one of the standard's, whatever it looks like. */
function replaceUids(tag: number, text: string, uids: ReadonlyMap<string, string>): string {
  const isInstance = confidentialityEntry(tag) !== undefined;
  return text
    .split('\\')
    .map((uid) => (!isInstance && isStandardUid(uid) ? uid : (uids.get(uid) ?? '')))
    .join('\\');
}

function numbersOf(text: string, vr: string): string | undefined {
  const one = vr === 'IS' ? /^[+-]?\d{1,12}$/ : /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i;
  const values = text.split('\\').map((value) => value.trim());
  return values.every((value) => value === '' || (value.length <= 64 && one.test(value)))
    ? values.join('\\')
    : undefined;
}

function pseudonymOf(tag: number, { patient, accession, study }: Pseudonyms): string {
  if (tag === 0x00080050) return accession;
  return tag === 0x00200010 ? study : patient;
}

function dummyOf(vr: string): string | undefined {
  if (vr === 'DA') return '19000101';
  if (vr === 'DT') return '19000101000000';
  if (vr === 'TM') return '000000';
  return /^(CS|LO|LT|PN|SH|ST|UC|UT)$/.test(vr) ? 'REMOVED' : undefined;
}

const bytesPerNumber: Readonly<Record<string, number>> = { AT: 4, FD: 8, FL: 4, SL: 4, SS: 2, UL: 4, US: 2 };

/** Whole numbers of the VR's width, and no text in their place: numbers seldom look like eight letters in a row. */
function isBinaryNumber(bytes: Uint8Array, vr: string): boolean {
  const width = bytesPerNumber[vr] ?? 1;
  if (bytes.length % width !== 0) return false;
  return !/[A-Za-z0-9 ^.,-]{8}/.test(latin1(bytes));
}

/** A look-up table has as many entries of 16 bits as its descriptor says (PS3.3 C.11.1.1.1), 0 for 65,536. */
function usedLength(
  tag: number,
  length: number,
  siblings: readonly DataElement[],
  encoding: Encoding,
): number {
  const isPalette = tag >>> 4 === 0x0028120;
  if (tag !== 0x00283006 && !isPalette) return length;
  const descriptor = findElement(siblings, isPalette ? tag - 0x100 : 0x00283002);
  const entries = descriptor === undefined ? undefined : numberOf(descriptor, encoding);
  return entries === undefined ? 0 : Math.min(length, 2 * (entries === 0 ? 65536 : entries));
}
