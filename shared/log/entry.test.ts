import { describe, expect, it } from 'vitest';
import { Body, Entity } from './entry.ts';

describe('what an entry may be about', () => {
  it.each(['result:1', 'Üñ — x', '\u{1f600}', '\ufffd', 'two\nlines'])('takes %j', (name) => {
    expect(Entity.safeParse(name).success).toBe(true);
  });

  it.each(['', 'x'.repeat(201), 'image\0', 'image\0more', 'image\ud800', '\udc00image'])(
    'refuses %j',
    (name) => {
      expect(Entity.safeParse(name).success).toBe(false);
    },
  );
});

describe('a body', () => {
  const body = { bodyHash: 'a'.repeat(64), salt: 'b'.repeat(32) };

  it('is no text with half a character, because that has no bytes of its own', () => {
    expect(Body.safeParse({ ...body, text: '{"note":"\u{1f600}"}' }).success).toBe(true);
    expect(Body.safeParse({ ...body, text: '{"note":"\ud83d"}' }).success).toBe(false);
  });
});
