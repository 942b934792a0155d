import type { ExportedEntry } from '../export-lines.ts';
import { hasMembers, isQuickContent, isQuickEntry, isQuickPlacement } from '../quick-shapes.ts';

/** Whether this is the line of an entry, as its schema says, for all lines that the program writes (`quick-shapes.ts`). */
export function isQuickLine(value: object): value is ExportedEntry {
  const { type, entry, place, body } = value as { readonly [Name in keyof ExportedEntry]?: unknown };
  return (
    type === 'entry' &&
    hasMembers(value, 4) &&
    isQuickPlacement(place) &&
    isQuickEntry(entry) &&
    (body === null || (hasMembers(body, 2) && isQuickContent(body)))
  );
}
