import { assert, property, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { concatBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from './bytes.ts';

const bytes = uint8Array({ maxLength: 300 });

it('writes and reads hex and base64url as Node does', () => {
  assert(
    property(bytes, (value) => {
      expect(toHex(value)).toBe(Buffer.from(value).toString('hex'));
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'));
      expect(equalBytes(fromHex(toHex(value)), value)).toBe(true);
      expect(equalBytes(fromBase64Url(toBase64Url(value)), value)).toBe(true);
      expect(equalBytes(fromBase64Url(Buffer.from(value).toString('base64')), value)).toBe(true);
    }),
    { seed: 4648 },
  );
});

it('reads no base64 in anything else', () => {
  for (const text of ['A*AA', 'AA A', 'AAAÄ', 'A=AA', 'AA\n'])
    expect(() => fromBase64Url(text), text).toThrow(TypeError);
});

it('tells bytes apart', () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});
