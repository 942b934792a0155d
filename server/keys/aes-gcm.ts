import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/kernel/errors.ts';

// AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces: nonce ‖ ciphertext ‖ 128-bit tag. A key seals far fewer than the
// 2^32 pieces after which two of its nonces could be equal (section 8.3).

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

let nonces = new Uint8Array(0);

/** Drawn many at a time: a call for each costs as much as encrypting something small. */
function newNonce(): Uint8Array {
  if (nonces.length === 0) nonces = randomBytes(nonceBytes * 256);
  const nonce = nonces.subarray(0, nonceBytes);
  nonces = nonces.subarray(nonceBytes);
  return nonce;
}

// Key objects: Node takes ten times as long to see that bytes are none.

export function encrypt(key: Uint8Array, plain: Uint8Array, aad: string): Uint8Array {
  const nonce = newNonce();
  const sealing = createCipheriv(cipher, createSecretKey(key), nonce, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, sealing.update(plain), sealing.final(), sealing.getAuthTag()]);
}

/** @throws AppError `storage.sealed` */
export function decrypt(key: Uint8Array, sealed: Uint8Array, aad: string): Uint8Array {
  try {
    // A shorter tag would be easier to guess.
    if (sealed.length < nonceBytes + tagBytes) throw new Error('it is too short');
    const opening = createDecipheriv(cipher, createSecretKey(key), sealed.subarray(0, nonceBytes), {
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
