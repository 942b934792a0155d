import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bodyHash, Entry, entryHash, entryText, isSoundHead, SignedHead } from '../../shared/log/entry.ts';
import type { LogCrypto } from '../../shared/log/log-crypto.ts';

const golden = JSON.parse(readFileSync(new URL('log-entries.json', import.meta.url), 'utf8')) as {
  entries: { text: string; h: string }[];
  body: { salt: string; text: string; bodyHash: string };
  head: SignedHead;
};

const crypto: LogCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  verify: async (publicKey, signature, message) => {
    const x = Buffer.from(publicKey).toString('base64url');
    return verify(
      null,
      message,
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
      signature,
    );
  },
};

describe('the bytes that are hashed and signed', () => {
  it.each(golden.entries)('are those of the golden entry $h', ({ text, h }) => {
    const entry = Entry.parse(JSON.parse(text));
    expect(entryText(entry)).toBe(text);
    expect(entryHash(entry, crypto)).toBe(h);
  });

  it('are those of the golden body', () => {
    const { salt, text, bodyHash: hash } = golden.body;
    expect(bodyHash(salt, text, crypto)).toBe(hash);
  });

  it('are those of the golden head, and of no other', async () => {
    const head = SignedHead.parse(golden.head);
    expect(await isSoundHead(head, crypto)).toBe(true);
    expect(await isSoundHead({ ...head, n: 3 }, crypto)).toBe(false);
    expect(await isSoundHead({ ...head, device: '0'.repeat(32) }, crypto)).toBe(false);
  });
});
