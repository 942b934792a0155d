import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '../../shared/kernel/bytes.ts';
import { createKeyVault } from './key-vault.ts';
import { masterKey, parseMasterKey } from './master-key.ts';
import { sealedPieceBytes, wrappedKeyBytes } from './sealer-api.ts';

const [first, second, index] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const vault = createKeyVault([masterKey(first)], index);
const place = 'bodies\nabc\n1';
const plain = utf8('Shadow in the left lower zone.');
const refused = expect.objectContaining({ code: 'storage.sealed' });

describe('what is sealed', () => {
  it('opens at its own place', () => {
    expect(Buffer.from(vault.open(vault.seal(plain, place), place))).toEqual(Buffer.from(plain));
    expect(vault.open(vault.seal(new Uint8Array(0), place), place)).toHaveLength(0);
  });

  it('does not open at another place', () => {
    const sealed = vault.seal(plain, place);
    for (const other of ['bodies\nabd\n1', 'blobs\nabc\n1', 'bodies\nabc\n2', '']) {
      expect(() => vault.open(sealed, other)).toThrow(refused);
    }
  });

  it('does not open after any one bit of it was changed, or when it is cut off', () => {
    const sealed = vault.seal(plain, place);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1 << (at % 8);
      expect(() => vault.open(changed, place), `byte ${at}`).toThrow(refused);
      expect(() => vault.open(sealed.subarray(0, at), place), `cut at ${at}`).toThrow(refused);
    }
  });

  it('is never the same twice and never holds the content', () => {
    const all = Array.from({ length: 200 }, () => Buffer.from(vault.seal(plain, place)).toString('latin1'));
    expect(new Set(all).size).toBe(200);
    expect(all.some((text) => text.includes('Shadow'))).toBe(false);
  });

  it('does not open under another master key, and the refusal names no content', () => {
    const other = createKeyVault([masterKey(second)], index);
    expect(() => other.open(vault.seal(plain, place), place)).toThrow(/not given/);
  });
});

describe('a data key', () => {
  it('seals pieces that open at their own place only, also when it was wrapped and unwrapped', () => {
    const { wrapped, key } = vault.newKey(place);
    expect(wrapped).toHaveLength(wrappedKeyBytes);
    const piece = key.seal(plain, `${place}\n0`);
    expect(piece).toHaveLength(plain.length + sealedPieceBytes);
    const again = vault.unwrap(wrapped, place);
    expect(Buffer.from(again.open(piece, `${place}\n0`))).toEqual(Buffer.from(plain));
    expect(() => again.open(piece, `${place}\n1`)).toThrow(refused);
    expect(() => vault.unwrap(wrapped, 'blobs\nother\n1')).toThrow(refused);
    expect(() => vault.newKey(place).key.open(piece, `${place}\n0`)).toThrow(refused);
  });
});

describe('a changed master key', () => {
  const ring = createKeyVault([masterKey(second), masterKey(first)], index);
  const onlyNew = createKeyVault([masterKey(second)], index);

  it('opens what is sealed under the old one', () => {
    expect(Buffer.from(ring.open(vault.seal(plain, place), place))).toEqual(Buffer.from(plain));
  });

  it('re-wraps so that the old one is needed no more, without touching the content', () => {
    const sealed = vault.seal(plain, place);
    const rewrapped = ring.rewrap(sealed, place)!;
    expect(Buffer.from(onlyNew.open(rewrapped, place))).toEqual(Buffer.from(plain));
    expect(Buffer.from(rewrapped.subarray(wrappedKeyBytes))).toEqual(
      Buffer.from(sealed.subarray(wrappedKeyBytes)),
    );
    expect(ring.rewrap(rewrapped, place)).toBeUndefined();
    expect(() => vault.open(rewrapped, place)).toThrow(refused);
  });

  it('opens what was sealed with a key of its own, and re-wraps it for its own place only', () => {
    const { wrapped, key } = vault.newKey(place);
    const sealed = concatBytes(wrapped, key.seal(plain, place));
    expect(Buffer.from(ring.open(sealed, place))).toEqual(Buffer.from(plain));
    expect(Buffer.from(onlyNew.open(ring.rewrap(sealed, place)!, place))).toEqual(Buffer.from(plain));
    expect(() => ring.rewrap(sealed, 'blobs\nabc\n1')).toThrow(refused);
  });

  it('does not move what it re-wraps', () => {
    const moved = ring.rewrap(vault.seal(plain, place), 'blobs\nabc\n1')!;
    expect(() => onlyNew.open(moved, 'blobs\nabc\n1')).toThrow(refused);
  });

  it('wraps a key that many share once', () => {
    const wrapped = Array.from({ length: 3 }, () =>
      Buffer.from(ring.rewrap(vault.seal(plain, place), place)!.subarray(0, wrappedKeyBytes)).toString('hex'),
    );
    expect(new Set(wrapped).size).toBe(1);
  });

  it('re-wraps nothing that is not what it says', () => {
    expect(() => ring.rewrap(new Uint8Array(10), place)).toThrow(refused);
  });

  it('leaves the blind indexes as they are', () => {
    expect(ring.blindIndex('DOE^JANE', 'patient-name')).toBe(vault.blindIndex('DOE^JANE', 'patient-name'));
  });
});

describe('a blind index', () => {
  it('differs by text, purpose and hub', () => {
    const other = createKeyVault([masterKey(first)], new Uint8Array(32).fill(9));
    const indexes = [
      vault.blindIndex('DOE^JANE', 'patient-name'),
      vault.blindIndex('DOE^JANE', 'patient-id'),
      vault.blindIndex('DOE^JOHN', 'patient-name'),
      other.blindIndex('DOE^JANE', 'patient-name'),
    ];
    expect(new Set(indexes).size).toBe(4);
    for (const each of indexes) expect(each).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a master key', () => {
  it('is 32 bytes in base64 or base64url', () => {
    const secret = randomBytes(32);
    const expected = masterKey(secret);
    for (const form of ['base64', 'base64url'] as const) {
      expect(parseMasterKey(` ${secret.toString(form)}\n`, 'MASTER_KEY')).toEqual(expected);
    }
  });

  it.each(['', 'x', 'a'.repeat(42), 'a'.repeat(64), `${'a'.repeat(43)}==`])('is not “%s”', (text) => {
    expect(() => parseMasterKey(text, 'MASTER_KEY')).toThrow(/^MASTER_KEY must hold 32 bytes/);
  });

  it('is not repeated by the refusal', () => {
    expect(() => parseMasterKey('planted-secret', 'MASTER_KEY')).toThrow(
      expect.not.stringMatching('planted'),
    );
  });
});
