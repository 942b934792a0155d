// What becomes of one attribute: Table E.1-1 where it lists the tag, and for the others, which the profile lets stay,
// what their value can hold. Text that is not made of known words, binary data that the picture does not need, and what no
// dictionary knows do not stay: the standard allows to take out more than it lists (PS3.15 E.2).

import { isPrivate } from '../data-set/element.ts';
import { dictionaryEntry } from '../header/data-dictionary.ts';
import { confidentialityEntry, type ProfileAction } from './confidentiality-table.ts';

export type ElementRule =
  | 'remove'
  | 'empty'
  /** A value that means nothing, where a value is required. */
  | 'dummy'
  | 'replace-uids'
  | 'pseudonym'
  | 'shift-dates'
  /** Only the known words of the text. */
  | 'known-words'
  /** As it is, if its text is made of known words. */
  | 'known-text'
  | 'known-maker'
  /** As it is, if it is written as its VR says. */
  | 'number'
  | 'binary-number'
  | 'binary'
  | 'items';

export interface RuleOptions {
  readonly longitudinal: boolean;
  readonly cleanDescriptors: boolean;
  /** Whether General Equipment is "enhanced" (PS3.3 C.7.5.2): maker, model, serial number and software need a value. */
  readonly enhanced: boolean;
}

const pseudonymTags: ReadonlySet<number> = new Set([0x00080050, 0x00100010, 0x00100020, 0x00200010]);
const timezoneTag = 0x00080201;
/** What text is left needs the default repertoire only. */
const characterSetTag = 0x00080005;
const makerTag = 0x00080070;
const enhancedEquipment: ReadonlySet<number> = new Set([0x00080070, 0x00081090, 0x00181000, 0x00181020]);
/** Look-up tables. */
const pictureTags: ReadonlySet<number> = new Set([0x00281201, 0x00281202, 0x00281203, 0x00283006]);
/** Extended Offset Table and its lengths: they speak of fragments that were written anew. */
const offsetTags: ReadonlySet<number> = new Set([0x7fe00001, 0x7fe00002]);
const textVrs: ReadonlySet<string> = new Set('AE CS LO LT SH ST UC UR UT'.split(' '));

/** `vr` is the one that the value is read by; see `effectiveVr`. */
export function elementRule(tag: number, vr: string, options: RuleOptions): ElementRule {
  const listed = confidentialityEntry(tag);
  const known = dictionaryEntry(tag);
  const isGroupLength = (tag & 0xffff) === 0;
  if (isPrivate(tag) || isGroupLength || known === undefined || tag === characterSetTag) return 'remove';
  if (offsetTags.has(tag)) return 'remove';
  if (pseudonymTags.has(tag)) return 'pseudonym';
  if (listed === undefined) return known.retired ? 'remove' : unlistedRule(tag, vr, options);
  if (listed.cleanedBy === 'dates' && options.longitudinal && tag !== timezoneTag) return 'shift-dates';
  if (listed.cleanedBy === 'descriptors' && options.cleanDescriptors && textVrs.has(vr)) return 'known-words';
  return basicRule(listed.action, options.enhanced && enhancedEquipment.has(tag));
}

/** Combinations are decided for the IODs of images, in which these attributes are of type 2 or 3. */
function basicRule(action: ProfileAction, needsValue: boolean): ElementRule {
  if (needsValue) return 'dummy';
  switch (action) {
    case 'X':
    case 'X/D':
      return 'remove';
    case 'Z':
    case 'X/Z':
    case 'Z/D':
    case 'X/Z/D':
      return 'empty';
    case 'D':
      return 'dummy';
    case 'U':
      return 'replace-uids';
    case 'X/Z/U*':
      return 'items';
  }
}

function unlistedRule(tag: number, vr: string, options: RuleOptions): ElementRule {
  if (pictureTags.has(tag)) return 'binary';
  if (tag === makerTag) return 'known-maker';
  if (textVrs.has(vr)) return options.enhanced && enhancedEquipment.has(tag) ? 'dummy' : 'known-text';
  switch (vr) {
    case 'SQ':
      return 'items';
    case 'UI':
      return 'replace-uids';
    case 'PN':
      return 'empty';
    case 'DA':
    case 'DT':
    case 'TM':
      return options.longitudinal ? 'shift-dates' : 'remove';
    case 'DS':
    case 'IS':
      return 'number';
    case 'AT':
    case 'FD':
    case 'FL':
    case 'SL':
    case 'SS':
    case 'UL':
    case 'US':
      return 'binary-number';
    default:
      return 'remove';
  }
}

/**
 * The VR that a value is read and written by: the dictionary's, unless both are binary, where the file's says how wide its
 * numbers are. Undefined where text stands for numbers or the other way round: such a value is not understood.
 */
export function effectiveVr(tag: number, vr: string): string | undefined {
  const known = dictionaryEntry(tag)?.vr;
  if (known === undefined || known === vr) return vr;
  if (vr === 'UN') return known;
  if (isTextual(vr) && isTextual(known)) return known;
  return isTextual(vr) || isTextual(known) || vr === 'SQ' || known === 'SQ' ? undefined : vr;
}

function isTextual(vr: string): boolean {
  return textVrs.has(vr) || /^(AS|DA|DS|DT|IS|PN|TM|UI)$/.test(vr);
}
