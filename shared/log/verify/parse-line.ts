import { canonicalJson } from '../../kernel/canonical-json.ts';
import { entryText } from '../entry.ts';
import { ExportEnd, entryLineText, ExportLine } from '../export-lines.ts';

/** What a line says, and whether it says so in the one way in which the program writes it. */
export type ParsedLine =
  | {
      readonly kind: 'line';
      readonly line: ExportLine;
      readonly isCanonical: boolean;
      readonly entryText: string;
    }
  | { readonly kind: 'end'; readonly end: ExportEnd; readonly isCanonical: boolean }
  | { readonly kind: 'broken' };

const deepest = 64;
const broken = { kind: 'broken' } as const;

/** Whether brackets are nested at most 64 deep: what walks a value calls itself for each level. */
function isShallow(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > deepest) return false;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return true;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function parseLine(text: string): ParsedLine {
  // Entries, by far the most, are not nested by their schema.
  const isEntry = text.endsWith('"type":"entry"}');
  if (!isEntry && !isShallow(text)) return broken;
  const value = jsonOf(text);
  const line = ExportLine.safeParse(value);
  try {
    if (line.success && line.data.type === 'entry') {
      const ofEntry = entryText(line.data.entry);
      const isCanonical = entryLineText(line.data, ofEntry) === text;
      return { kind: 'line', line: line.data, isCanonical, entryText: ofEntry };
    }
    if (line.success) {
      return { kind: 'line', line: line.data, isCanonical: canonicalJson(line.data) === text, entryText: '' };
    }
    const end = ExportEnd.safeParse(value);
    if (end.success) return { kind: 'end', end: end.data, isCanonical: canonicalJson(end.data) === text };
  } catch (thrown) {
    // A text with half a character has no canonical form.
    if (!(thrown instanceof TypeError)) throw thrown;
  }
  return broken;
}
