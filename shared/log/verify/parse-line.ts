import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { entryText } from '../entry.ts';
import { ExportEnd, type ExportedEntry, entryLineText, ExportLine } from '../export-lines.ts';
import { isQuickLine } from './quick-line.ts';
import type { RowLine } from './row-check.ts';

/** What a line says, and whether it says so in the one way in which the program writes it. */
export type ParsedLine = { readonly isCanonical: boolean } & (
  | { readonly type: 'entry'; readonly line: ExportedEntry; readonly entryText: string }
  | { readonly type: 'other'; readonly line: Exclude<ExportLine, { type: 'entry' | 'row' }> }
  | { readonly type: 'row'; readonly row: RowLine }
  | { readonly type: 'end'; readonly end: ExportEnd }
);

/** The row itself may be anything: it is compared as text. */
const RowOutside = z.strictObject({
  type: z.literal('row'),
  table: z.string().min(1).max(64),
  key: z.string().max(600),
  row: z.unknown(),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for a line in which nothing can be read. */
export function parseLine(text: string): ParsedLine | undefined {
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  try {
    if (value.type === 'row') {
      const row = RowOutside.safeParse(value);
      if (!row.success) return undefined;
      const { table, key } = row.data;
      return { type: 'row', row: { table, key, text }, isCanonical: true };
    }
    if (value.type === 'end') {
      const end = ExportEnd.safeParse(value);
      if (!end.success) return undefined;
      return { type: 'end', end: end.data, isCanonical: canonicalJson(end.data) === text };
    }
    if (isQuickLine(value)) {
      const ofEntry = entryText(value.entry);
      if (entryLineText(value, ofEntry) === text) {
        return { type: 'entry', line: value, isCanonical: true, entryText: ofEntry };
      }
    }
    const parsed = ExportLine.safeParse(value);
    if (!parsed.success) return undefined;
    const line = parsed.data;
    if (line.type === 'entry') {
      const ofEntry = entryText(line.entry);
      return { type: 'entry', line, isCanonical: entryLineText(line, ofEntry) === text, entryText: ofEntry };
    }
    // Rows were told apart above.
    if (line.type === 'row') return undefined;
    return { type: 'other', line, isCanonical: canonicalJson(line) === text };
  } catch (thrown) {
    // A text with half a character has no canonical form.
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}
