import { isPrivate } from '../data-set/element.ts';
import { confidentialityEntries } from './confidentiality-entries.ts';

/** PS3.15 E.1.1 and E.2: D dummy value, Z zero length, X remove, U replace the UID; combinations by the IOD. */
export type ProfileAction = 'D' | 'Z' | 'X' | 'U' | 'X/Z' | 'X/D' | 'Z/D' | 'X/Z/D' | 'X/Z/U*';

export interface ConfidentialityEntry {
  readonly action: ProfileAction;
  /** Which option cleans the attribute instead. */
  readonly cleanedBy: 'descriptors' | 'dates' | 'content' | 'graphics' | undefined;
}

const removed: ConfidentialityEntry = { action: 'X', cleanedBy: undefined };
let table: ReadonlyMap<string, ConfidentialityEntry> | undefined;

/** The row of Table E.1-1 for a tag; undefined where the profile lets an attribute stay. */
export function confidentialityEntry(tag: number): ConfidentialityEntry | undefined {
  if (isPrivate(tag)) return removed;
  table ??= readTable();
  const hex = tag.toString(16).padStart(8, '0');
  return (
    table.get(hex) ??
    table.get(`${hex.slice(0, 2)}xx${hex.slice(4)}`) ??
    table.get(`${hex.slice(0, 2)}xxxxxx`)
  );
}

/** Whether the attribute can tell who the patient is, where, or when: what the profile does not let through. */
export function isPersonal(tag: number): boolean {
  return confidentialityEntry(tag) !== undefined;
}

function readTable(): ReadonlyMap<string, ConfidentialityEntry> {
  const entries = new Map<string, ConfidentialityEntry>();
  for (const line of confidentialityEntries.trim().split('\n')) {
    const [rule = '', ...tags] = line.split(' ');
    const [action = '', cleanedBy = ''] = rule.split(',');
    const entry = { action, cleanedBy: cleanedBy === '' ? undefined : cleanedBy } as ConfidentialityEntry;
    for (const tag of tags) entries.set(tag, entry);
  }
  return entries;
}
