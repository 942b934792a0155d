import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../shared/kernel/bytes.ts';
import { quickArgon2id } from '../../tests/hub/accounts-hub.ts';
import type { Argon2id } from './argon2-api.ts';
import { nativeArgon2id } from './native-argon2.ts';
import { createPasswords } from './passwords.ts';
import { readPhc, writePhc } from './phc-string.ts';
import { portableArgon2id } from './portable-argon2.ts';
import { assertStrongPassword } from './weak-password.ts';

const small = { memoryKib: 64, passes: 1, lanes: 1 };
const random = (bytes: number): Uint8Array => randomBytes(bytes);

describe.each([
  ['native', nativeArgon2id],
  ['portable', portableArgon2id],
] as const)('argon2id, %s', (_name, argon2id) => {
  it.each([
    // From the reference implementation's test file (phc-winner-argon2, src/test.c, version 0x13, Argon2id).
    [65_536, 2, 1, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
    [256, 2, 1, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
    [256, 2, 2, '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
  ])('agrees with the reference: m=%i t=%i p=%i', async (memoryKib, passes, lanes, expected) => {
    const tag = await argon2id(utf8('password'), utf8('somesalt'), { memoryKib, passes, lanes });
    expect(toHex(tag)).toBe(expected);
  });
});

describe('a password', () => {
  it('is kept with the parameters that it was hashed with, at least OWASP’s, and a salt of its own', async () => {
    const passwords = createPasswords(nativeArgon2id, random);
    const [one, two] = [await passwords.hash('seven lungs'), await passwords.hash('seven lungs')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('seven lungs', one)).toBe('right');
    expect(await passwords.verify('seven lung', one)).toBe('wrong');
    expect(await passwords.verify('seven lungs', undefined)).toBe('wrong');
  });

  it('that was hashed with other parameters is right, and hashed anew', async () => {
    const old = await createPasswords(quickArgon2id, random, small).hash('seven lungs');
    const passwords = createPasswords(quickArgon2id, random);
    expect(await passwords.verify('seven lungs', old)).toBe('rehash');
    expect(await passwords.verify('nine lungs', old)).toBe('wrong');
  });

  it('is the same however a keyboard writes it', async () => {
    const passwords = createPasswords(quickArgon2id, random);
    const stored = await passwords.hash('Lungenfl\u00fcgel');
    expect(await passwords.verify('Lungenflu\u0308gel', stored)).toBe('right');
  });

  it('costs memory for two at a time; the end of a flood is turned away', async () => {
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const slow: Argon2id = async () => {
      running += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
      return new Uint8Array(32);
    };
    const passwords = createPasswords(slow, random);
    const flood = Array.from({ length: 100 }, () => passwords.verify('x', undefined));
    const settled = Promise.allSettled(flood);
    gate.resolve();
    const outcomes = (await settled).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as { code: string }).code,
    );
    expect(most).toBe(2);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(66);
    expect(outcomes.filter((outcome) => outcome === 'account.too-many-attempts')).toHaveLength(34);
    expect(await passwords.verify('x', undefined)).toBe('wrong');
  });
});

describe('the form of a hash', () => {
  it('is read as it was written', () => {
    const record = { parameters: small, salt: random(16), tag: random(32) };
    const read = readPhc(writePhc(record))!;
    expect(read.parameters).toEqual(small);
    expect([toHex(read.salt), toHex(read.tag)]).toEqual([toHex(record.salt), toHex(record.tag)]);
  });

  it.each(['', 'plain', '$argon2i$v=19$m=64,t=1,p=1$YWJj$YWJj', '$argon2id$v=16$m=64,t=1,p=1$YWJj$YWJj'])(
    'is not “%s”',
    (text) => expect(readPhc(text)).toBeUndefined(),
  );
});

describe('a password that is too easy', () => {
  const email = 'ada.lovelace@example.org';
  it.each([
    'short',
    'nine char',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdabcdabcd',
    'password123',
    'P4ssw0rd!!!',
    'Welcome2026!',
    '!!fieldray!!',
    'hospital2026',
    '1234567890',
    '12345678901234',
    'qwertyuiop',
    'poiuytrewq',
    'abcdefghijk',
    '1985-12-24',
    'ada.lovelace1',
    'Lovelace2026',
    'example.org!',
    '\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}',
  ])('is “%s”', (password) => {
    expect(() => assertStrongPassword(password, email)).toThrow(
      expect.objectContaining({ code: 'account.weak-password' }),
    );
  });

  it.each([
    'seven lungs under glass',
    'correct horse battery staple',
    'xK9#mQ2$vL',
    'грудная клетка',
    '胸部のレントゲン写真です',
    '8302 5521 9047 6638',
    'my password is a long sentence',
  ])('is not “%s”', (password) => expect(() => assertStrongPassword(password, email)).not.toThrow());

  it('is not repeated by the refusal', () => {
    expect(() => assertStrongPassword('password123', email)).toThrow(
      expect.not.stringMatching('password123'),
    );
  });
});
