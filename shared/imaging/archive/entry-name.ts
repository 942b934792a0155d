import { strFromU8 } from 'fflate';

/**
 * The name of an entry as it is shown and as output files are named after it: `..`, empty parts, drive letters and
 * control characters are taken out, so that joined to any folder it stays inside. Empty for a folder.
 */
export function entryName(bytes: Uint8Array, saysUtf8: boolean): string {
  const raw = decodeName(bytes, saysUtf8).replaceAll('\\', '/');
  if (raw.endsWith('/')) return '';
  const parts = raw
    .split('/')
    .map((part) => part.replaceAll(/[\p{Cc}:*?"<>|]/gu, '_').trim())
    .filter((part) => part !== '' && !/^\.+$/.test(part));
  return parts.length === 0 ? 'unnamed' : parts.join('/');
}

/** Without the flag the code page is unknown; most programs write UTF-8 all the same, and Latin letters are readable. */
function decodeName(bytes: Uint8Array, saysUtf8: boolean): string {
  const text = strFromU8(bytes);
  return !saysUtf8 && text.includes('\ufffd') ? strFromU8(bytes, true) : text;
}
