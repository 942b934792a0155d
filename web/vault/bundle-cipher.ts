import { type OpenBundleCipher, tagBytes } from '../../shared/log/bundle/bundle-cipher.ts';

const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);

/** By the browser. */
export const openBundleCipher: OpenBundleCipher = async (secret, salt, info) => {
  const { subtle } = crypto;
  const whole = await subtle.importKey('raw', owned(secret), 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: owned(salt), info: owned(info) };
  const aes = { name: 'AES-GCM', length: 256 };
  const key = await subtle.deriveKey(hkdf, whole, aes, false, ['encrypt', 'decrypt']);
  const algorithm = (nonce: Uint8Array) => ({
    name: 'AES-GCM',
    iv: owned(nonce),
    tagLength: tagBytes * 8,
  });
  return {
    seal: async (plain, nonce) => new Uint8Array(await subtle.encrypt(algorithm(nonce), key, owned(plain))),
    async open(sealed, nonce) {
      try {
        return new Uint8Array(await subtle.decrypt(algorithm(nonce), key, owned(sealed)));
      } catch (error) {
        if (error instanceof DOMException && error.name === 'OperationError') return undefined;
        throw error;
      }
    },
  };
};
