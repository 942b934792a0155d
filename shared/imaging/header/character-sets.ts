// Text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1 and Annexes H to K). Single-byte sets, UTF-8, GB18030 and GBK
// are decoded whole. With code extensions (ISO 2022) the escape sequences choose the set: JIS X 0201, 0208 and 0212,
// KS X 1001, GB 2312 and the ISO 8859 family. Anything else is read as ISO 8859-1.

import { latin1 } from '../data-set/values.ts';

/** The platform's decoder, by a label of the WHATWG Encoding Standard; undecodable bytes become U+FFFD. */
export type DecodeText = (bytes: Uint8Array, label: string) => string;

/** Defined term → label. `ISO 2022 IR n` names the same set as `ISO_IR n`, with code extensions. */
const labels: Readonly<Record<string, string>> = {
  '100': 'iso-8859-1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '13': 'shift_jis',
  '144': 'iso-8859-5',
  '148': 'iso-8859-9',
  '166': 'windows-874',
  '192': 'utf-8',
  '203': 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Final bytes of the escape sequences that put a set of one byte into G1 (PS3.3 Table C.12-3). */
const singleByteG1: Readonly<Record<string, string>> = {
  '-A': 'iso-8859-1',
  '-B': 'iso-8859-2',
  '-C': 'iso-8859-3',
  '-D': 'iso-8859-4',
  '-F': 'iso-8859-7',
  '-G': 'iso-8859-6',
  '-H': 'iso-8859-8',
  '-L': 'iso-8859-5',
  '-M': 'iso-8859-9',
  '-T': 'windows-874',
  '-b': 'iso-8859-15',
  ')I': 'shift_jis',
};
/** Sets of two bytes in G1. */
const doubleByteG1: Readonly<Record<string, string>> = { '$)C': 'euc-kr', '$)A': 'gbk' };
/** Sets of two bytes in G0, as EUC-JP writes them: with the high bits set, JIS X 0212 after 8F. */
const doubleByteG0: Readonly<Record<string, readonly number[]>> = { $B: [], '$@': [], '$(D': [0x8f] };

const escape = 0x1b;
/** They end what escape sequences have chosen: backslash, ^, =, and the ends of lines (PS3.5 6.1.2.5.3). */
const resetting: ReadonlySet<number> = new Set([0x5c, 0x5e, 0x3d, 0x0a, 0x0d, 0x0c, 0x09]);

/** `stated`: the values of Specific Character Set, or none. */
export function decodeValue(bytes: Uint8Array, stated: readonly string[], decode: DecodeText): string {
  const [first = '', ...more] = stated.map((term) => term.trim());
  const label = labels[first.replace(/^ISO[_ ](?:2022 )?IR /, '')];
  const extended = more.length > 0 || first.startsWith('ISO 2022');
  if (extended && bytes.includes(escape)) return decodeExtended(bytes, label ?? 'iso-8859-1', decode);
  if (label !== undefined) return decode(bytes, label);
  return latin1(bytes);
}

function decodeExtended(bytes: Uint8Array, initial: string, decode: DecodeText): string {
  let text = '';
  let g1 = initial;
  let g0: readonly number[] | undefined;
  let run: number[] = [];
  const flush = (): void => {
    text += decode(Uint8Array.from(run), g0 === undefined ? g1 : 'euc-jp');
    run = [];
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === escape) {
      flush();
      const sequence = escapeSequence(bytes, at + 1);
      at += sequence.length;
      const doubled = doubleByteG0[sequence];
      const next = singleByteG1[sequence] ?? doubleByteG1[sequence];
      if (next !== undefined) g1 = next;
      // JIS X 0201 comes with its own right half.
      else if (sequence === '(J') g1 = 'shift_jis';
      if (doubled !== undefined) g0 = doubled;
      else if (sequence.startsWith('(')) g0 = undefined;
    } else if (g0 !== undefined && byte > 0x20 && at + 1 < bytes.length) {
      run.push(...g0, byte | 0x80, (bytes[at + 1] ?? 0) | 0x80);
      at += 1;
    } else {
      run.push(byte);
      if (g0 === undefined && resetting.has(byte)) {
        flush();
        g1 = initial;
      }
    }
  }
  flush();
  return text;
}

/** Intermediate bytes (20 to 2F) and a final one (ISO 2022), the escape itself left out. */
function escapeSequence(bytes: Uint8Array, from: number): string {
  let end = from;
  while (end < bytes.length && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0) <= 0x2f) end += 1;
  return latin1(bytes.subarray(from, end + 1));
}
