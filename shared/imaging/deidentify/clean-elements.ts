import { type DataElement, type Encoding, pixelDataTag } from '../data-set/element.ts';
import { asciiOf, findElement, numberOf, textElement } from '../data-set/values.ts';
import { cleanNumbers, isBinaryNumber } from './clean-numbers.ts';
import { cleanCodeItem, isCodeItem } from './code-items.ts';
import { confidentialityEntry } from './confidentiality-table.ts';
import { effectiveVr, type ElementRule, elementRule, type RuleOptions } from './element-rule.ts';
import { isKnownMaker, isKnownText, knownPart, numbersIn } from './known-words.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isTime, shiftDates } from './shift-date.ts';
import { isStandardUid } from './standard-uids.ts';

export interface Cleaning extends RuleOptions {
  readonly pseudonyms: Pseudonyms;
  /** Words of the patient's name: they do not stay where they are also names of body parts. */
  readonly nameWords: ReadonlySet<string>;
  readonly encoding: Encoding;
  /** Inside the items of a sequence that decides no display. */
  readonly nested?: boolean;
}

/** Modality and VOI LUT Sequence: a wrong byte order in them is seen when the pictures are compared. */
const shownTables: ReadonlySet<number> = new Set([0x00283000, 0x00283010]);

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
  // A sequence of VR UN is little endian in a big-endian file, too (PS3.5 6.2.2), and looks like any other once it is read.
  const isBinary = rule === 'binary' || rule === 'binary-number';
  if (isBinary && cleaning.nested === true && cleaning.encoding.bigEndian) return undefined;
  if (value.kind === 'fragments') return rule === 'binary' ? element : undefined;
  if (value.kind === 'items') {
    if (vr !== 'SQ') return undefined;
    return {
      tag,
      vr,
      value: {
        kind: 'items',
        items:
          rule === 'items' ? cleanItems(value.items, { ...cleaning, nested: !shownTables.has(tag) }) : [],
      },
    };
  }
  if (vr === 'SQ') return { tag, vr, value: { kind: 'items', items: [] } };
  const { bytes } = value;
  const text = cleanText(rule, { tag, vr, value }, cleaning);
  if (text !== undefined) return textElement(tag, vr, text);
  if (rule === 'binary-number') return isBinaryNumber(bytes, vr) ? { tag, vr, value } : undefined;
  if (rule !== 'binary') return undefined;
  const used = bytes.subarray(0, usedLength(tag, bytes.length, siblings, cleaning.encoding));
  if (used.length === 0) return undefined;
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
      return cleanNumbers(text, tag, vr);
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
  const kept = text.split('\\').map((value) => (isKnownText(value, not) ? value.trim() : ''));
  // Short numbers side by side make a long one.
  const isOne = numbersIn(kept.join('\\'), not) <= 1;
  const values = isOne ? kept : kept.map((value) => (numbersIn(value, not) === 0 ? value : ''));
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

/**
 * A look-up table has as many entries as its descriptor says (PS3.3 C.11.1.1.1), 0 for 65,536, one to a word of 16 bits or,
 * of 8 bits, one to a byte. One that is shorter is none.
 */
function usedLength(
  tag: number,
  length: number,
  siblings: readonly DataElement[],
  encoding: Encoding,
): number {
  const isPalette = tag >>> 4 === 0x0028120;
  const descriptor = findElement(siblings, isPalette ? tag - 0x100 : 0x00283002);
  const stated = descriptor === undefined ? undefined : numberOf(descriptor, encoding);
  if (stated === undefined) return 0;
  const entries = stated === 0 ? 65536 : stated;
  if (length >= 2 * entries) return 2 * entries;
  return length === entries || length === entries + (entries % 2) ? entries : 0;
}
