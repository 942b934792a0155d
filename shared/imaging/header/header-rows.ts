import { isPersonal } from '../deidentify/confidentiality-table.ts';
import type { DicomTree } from '../data-set/dicom-tree.ts';
import { type DataElement, isPrivate, tagText } from '../data-set/element.ts';
import { asciiOf, findElement } from '../data-set/values.ts';
import type { DecodeText } from './character-sets.ts';
import { dictionaryEntry } from './data-dictionary.ts';
import { type TextContext, valueText } from './value-text.ts';

/** One line of a header that people read. A sequence is followed by its items, and an item by its elements. */
export interface HeaderRow {
  /** 0 at the top; an item of a sequence and what is in it lie one and two deeper. */
  readonly depth: number;
  /** "(0010,0010)"; empty for an item. */
  readonly tag: string;
  /** "Patient Name". */
  readonly name: string;
  readonly vr: string;
  readonly value: string;
  /** It can tell who, where or when: de-identification takes it out, or what is in it. */
  readonly personal: boolean;
}

const metaEncoding = { explicit: true, bigEndian: false };

/** All elements of a file, its meta information first. */
export function headerRows(
  { meta, elements, encoding }: DicomTree,
  decode: DecodeText,
): readonly HeaderRow[] {
  return [
    ...rowsOf(meta, { encoding: metaEncoding, characterSets: [], decode }, 0, false),
    ...rowsOf(elements, { encoding, characterSets: characterSetsOf(elements) ?? [], decode }, 0, false),
  ];
}

export function characterSetsOf(elements: readonly DataElement[]): readonly string[] | undefined {
  return asciiOf(findElement(elements, 0x00080005))?.split('\\');
}

function rowsOf(
  elements: readonly DataElement[],
  context: TextContext,
  depth: number,
  insidePersonal: boolean,
): readonly HeaderRow[] {
  return elements.flatMap((element) => {
    const { tag, value } = element;
    const vr = element.vr === 'UN' ? (dictionaryEntry(tag)?.vr ?? 'UN') : element.vr;
    const personal = insidePersonal || isPersonal(tag) || vr === 'PN';
    const shown = value.kind === 'bytes' ? { ...element, vr } : element;
    const row: HeaderRow = {
      depth,
      tag: tagText(tag),
      name: nameOf(tag, elements),
      vr: element.vr,
      value: valueText(shown, context),
      personal,
    };
    if (value.kind !== 'items') return [row];
    const items = value.items.flatMap((item, index) => {
      const head: HeaderRow = {
        depth: depth + 1,
        tag: '',
        name: `Item ${index + 1}`,
        vr: '',
        value: '',
        personal,
      };
      const characterSets = characterSetsOf(item) ?? context.characterSets;
      return [head, ...rowsOf(item, { ...context, characterSets }, depth + 2, personal)];
    });
    return [row, ...items];
  });
}

function nameOf(tag: number, siblings: readonly DataElement[]): string {
  if (isPrivate(tag)) return privateName(tag, siblings);
  if ((tag & 0xffff) === 0) return 'Group Length';
  const entry = dictionaryEntry(tag);
  if (entry === undefined) return 'Not in the standard';
  return entry.retired ? `${inWords(entry.keyword)} (retired)` : inWords(entry.keyword);
}

/** PS3.5 7.8.1: (gggg,0010-00FF) names the maker of the block (gggg,xx00-xxFF). */
function privateName(tag: number, siblings: readonly DataElement[]): string {
  const element = tag & 0xffff;
  if (element >= 0x10 && element <= 0xff) return 'Private: name of the maker';
  const maker = asciiOf(findElement(siblings, (tag & 0xffff0000) + (element >>> 8)));
  return maker === undefined ? 'Private' : `Private: ${maker}`;
}

/** "SOPInstanceUID" → "SOP Instance UID". */
function inWords(keyword: string): string {
  return keyword.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
}
