// JSON Canonicalization Scheme (RFC 8785): one text for one value, so that it can be hashed and signed. Numbers are as
// ECMAScript writes them (section 3.2.2.3), members are sorted by UTF-16 code units (section 3.2.3).

/** What can be written canonically; `undefined` members are left out, as JSON does. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** Printable ASCII but quote and backslash: most texts are short and plain, and need not go through the platform. */
const plainText = /^[ !#-[\]-~]{0,64}$/;

function canonicalString(text: string): string {
  if (plainText.test(text)) return `"${text}"`;
  // Half a surrogate pair has no UTF-8 form, so two texts would have the same bytes (section 3.2.2.2).
  if (!text.isWellFormed()) throw new TypeError('a text with half a character has no canonical form');
  return JSON.stringify(text);
}

/** @throws TypeError for numbers that JSON does not have and for texts with half a surrogate pair */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('only finite numbers have a canonical form');
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  const members = value as { readonly [name: string]: Json | undefined };
  let text = '';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${canonicalString(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
