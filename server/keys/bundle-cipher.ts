import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto';
import { type OpenBundleCipher, tagBytes } from '../../shared/log/bundle/bundle-cipher.ts';

const cipher = 'aes-256-gcm';

/** By `node:crypto`, which Node, Deno and workerd have. */
export const openBundleCipher: OpenBundleCipher = async (secret, salt, info) => {
  const key = createSecretKey(new Uint8Array(hkdfSync('sha256', secret, salt, info, 32)));
  const options = { authTagLength: tagBytes };
  return {
    async seal(plain, nonce) {
      const sealing = createCipheriv(cipher, key, nonce, options);
      const sealed = new Uint8Array(plain.length + tagBytes);
      sealed.set(sealing.update(plain));
      sealing.final();
      sealed.set(sealing.getAuthTag(), plain.length);
      return sealed;
    },
    async open(sealed, nonce) {
      const end = sealed.length - tagBytes;
      if (end < 0) return undefined;
      const opening = createDecipheriv(cipher, key, nonce, options);
      opening.setAuthTag(sealed.subarray(end));
      const plain = opening.update(sealed.subarray(0, end));
      try {
        opening.final();
      } catch {
        return undefined;
      }
      return new Uint8Array(plain);
    },
  };
};
