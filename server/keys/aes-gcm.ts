import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { AppError } from '../../shared/kernel/errors.ts';

// AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces: nonce ‖ ciphertext ‖ 128-bit tag. A key seals far fewer than the
// 2^32 pieces after which two of its nonces could be equal (section 8.3).

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

// A cipher over bare bytes spends most of its time on making this of them.
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObject(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  keyObjects.set(key, made);
  return made;
}

// Fetched for many at once: each call costs as much as the encryption of something small.
const pool = new Uint8Array(16 * 1024);
let used = pool.length;

/** Cryptographically random bytes that nobody else gets; for nonces and keys, not for much at once. */
export function fewRandomBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  const taken = pool.slice(used - count, used);
  pool.fill(0, used - count, used);
  return taken;
}

const nothing = new Uint8Array(0);

/**
 * @param key 32 bytes, which must not be changed afterwards
 * @param before goes in front of what is returned, as it is
 */
export function encrypt(
  key: Uint8Array,
  plain: Uint8Array,
  aad: string,
  before: Uint8Array = nothing,
): Uint8Array {
  const nonce = fewRandomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, keyObject(key), nonce, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(aad));
  const sealed = new Uint8Array(before.length + nonceBytes + plain.length + tagBytes);
  sealed.set(before);
  sealed.set(nonce, before.length);
  sealed.set(sealing.update(plain), before.length + nonceBytes);
  sealing.final();
  sealed.set(sealing.getAuthTag(), sealed.length - tagBytes);
  return sealed;
}

/** @throws AppError `storage.sealed` */
export function decrypt(key: Uint8Array, sealed: Uint8Array, aad: string): Uint8Array {
  try {
    // A shorter tag would be easier to guess.
    if (sealed.length < nonceBytes + tagBytes) throw new Error('it is too short');
    const opening = createDecipheriv(cipher, keyObject(key), sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    opening.setAAD(Buffer.from(aad));
    opening.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const plain = opening.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
    opening.final();
    return plain;
  } catch (cause) {
    throw new AppError('storage.sealed', `what is sealed for "${aad}" cannot be opened`, { cause });
  }
}
