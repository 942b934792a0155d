import { expect, it } from 'vitest';
import { decodeText } from '../../../tests/fixtures/decode-text.ts';
import { decodeValue } from './character-sets.ts';

/** Hexadecimal bytes, and plain text between quotes: `"Hong^" fb f3`. */
function encoded(text: string): Uint8Array {
  const parts = text.matchAll(/"([^"]*)"|([0-9a-f]{2})|(ESC)/g);
  return Uint8Array.from(
    [...parts].flatMap(([, quoted, hex, esc]) => {
      if (esc !== undefined) return [0x1b];
      return hex === undefined
        ? Array.from(quoted ?? '', (each) => each.charCodeAt(0))
        : [Number.parseInt(hex, 16)];
    }),
  );
}

// The examples of PS3.5 Annexes H, I, J and K.
it.each<[string, string, string]>([
  ['', '"Smith^John"', 'Smith^John'],
  ['ISO_IR 100', '"Buc^J" e9 "r" f4 "me"', 'Buc^Jérôme'],
  ['ISO_IR 101', '"Wa" b3 ea', 'Wałę'],
  ['ISO_IR 126', 'c4 e9 ef ed f5 f3 e9 ef f2', 'Διονυσιος'],
  ['ISO_IR 127', 'e2 c8 c7 e6 ea "^" e4 e6 d2 c7 d1', 'قباني^لنزار'],
  ['ISO_IR 144', 'bb ee 63 65 "^" d0 d2', 'Люce^ав'],
  ['ISO_IR 138', 'f9 f8 e5 ef "^" e3 e1 e5 f8 e4', 'שרון^דבורה'],
  ['ISO_IR 13', 'd4 cf c0 de "^" c0 db b3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
  ['ISO_IR 192', '"Wang^XiaoDong=" e7 8e 8b "^" e5 b0 8f e6 9d b1', 'Wang^XiaoDong=王^小東'],
  ['GB18030', '"Wang^XiaoDong=" cd f5 "^" d0 a1 b6 ab', 'Wang^XiaoDong=王^小东'],
  [
    '\\ISO 2022 IR 87',
    '"Yamada^Tarou=" ESC "$B;3ED" ESC "(B^" ESC "$BB@O:" ESC "(B=" ESC "$B$d$^$@" ESC "(B^" ESC "$B$?$m$&" ESC "(B"',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    'd4 cf c0 de "^" c0 db b3 "=" ESC "$B;3ED" ESC "(J^" ESC "$BB@O:" ESC "(J"',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
  ],
  [
    '\\ISO 2022 IR 149',
    '"Hong^Gildong=" ESC "$)C" fb f3 "^" ESC "$)C" d1 ce d4 d7 "=" ESC "$)C" c8 ab "^" ESC "$)C" b1 e6 b5 bf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  [
    '\\ISO 2022 IR 58',
    '"Zhang^XiaoDong=" ESC "$)A" d5 c5 "^" ESC "$)A" d0 a1 b6 ab',
    'Zhang^XiaoDong=张^小东',
  ],
  ['ISO 2022 IR 100\\ISO 2022 IR 144', 'e9 "^" ESC "-L" bb "\\" e9', 'é^Л\\é'],
  ['\\ISO 2022 IR 159', 'ESC "$(D" "0!" ESC "(B" "A"', '丂A'],
  // A term that nobody knows: each byte as it is.
  ['ISO_IR 999', 'e9', 'é'],
])('%s: %s', (stated, value, text) => {
  expect(decodeValue(encoded(value), stated.split('\\'), decodeText)).toBe(text);
});
