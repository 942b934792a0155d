import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../kernel/bytes.ts';
import { PublicKey, Signature } from './names.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('keys and signatures', () => {
  it.each([
    ['key', PublicKey, 43],
    ['signature', Signature, 86],
  ])('have one text: of those that mean the same %s one is taken', (_, schema, length) => {
    for (const last of alphabet) {
      const text = 'x'.repeat(length - 1) + last;
      expect(schema.safeParse(text).success, last).toBe(toBase64Url(fromBase64Url(text)) === text);
    }
    expect(schema.safeParse('A'.repeat(length + 1)).success).toBe(false);
  });
});
