import { dictionaryEntries } from './dictionary-entries.ts';

export interface DictionaryEntry {
  readonly vr: string;
  /** As PS3.6 writes it: "PatientBirthDate". */
  readonly keyword: string;
  readonly retired: boolean;
}

let entries: ReadonlyMap<number, DictionaryEntry> | undefined;

/** What PS3.6 says of a tag; undefined for private and unknown ones. */
export function dictionaryEntry(tag: number): DictionaryEntry | undefined {
  entries ??= readEntries();
  return entries.get(listedTag(tag));
}

export function vrByDictionary(tag: number): string | undefined {
  return dictionaryEntry(tag)?.vr;
}

/** Curves (50xx), overlays (60xx) and variable pixels (7Fxx) repeat in even groups, 0020,31xx in its elements. */
function listedTag(tag: number): number {
  const family = tag >>> 24;
  const isOdd = ((tag >>> 16) & 1) === 1;
  if (!isOdd && (family === 0x50 || family === 0x60)) return (tag & 0xff00ffff) >>> 0;
  if (!isOdd && family === 0x7f && tag >>> 16 !== 0x7fe0) return (tag & 0xff00ffff) >>> 0;
  return tag >>> 8 === 0x002031 ? 0x00203100 : tag;
}

function readEntries(): ReadonlyMap<number, DictionaryEntry> {
  const found = new Map<number, DictionaryEntry>();
  for (const line of dictionaryEntries.trim().split('\n')) {
    const [group = '', ...elements] = line.split(' ');
    for (const text of elements) {
      const keyword = text.slice(6);
      const retired = keyword.startsWith('!');
      found.set(Number.parseInt(group + text.slice(0, 4), 16), {
        vr: text.slice(4, 6),
        keyword: retired ? keyword.slice(1) : keyword,
        retired,
      });
    }
  }
  return found;
}
