import { concatBytes, utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { RecordSealer } from '../data/record-sealer.ts';

// Sealed: version (1 byte) ‖ nonce (12) ‖ AES-256-GCM (NIST SP 800-38D) with its tag (16). The place goes in as additional data.

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const textStarts = 1 + nonceBytes;

/**
 * With random nonces one key is good for 2³² pieces (SP 800-38D section 8.3); a device writes some million in its life.
 * @param key for AES-GCM
 */
export function aesSealer(key: CryptoKey): RecordSealer {
  const algorithm = (nonce: Uint8Array<ArrayBuffer>, place: string): AesGcmParams => ({
    name: 'AES-GCM',
    iv: nonce,
    additionalData: utf8(place),
    tagLength: tagBytes * 8,
  });
  return {
    async seal(plain, place) {
      const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
      const text = await crypto.subtle.encrypt(algorithm(nonce, place), key, owned(plain));
      return concatBytes(Uint8Array.of(version), nonce, new Uint8Array(text)).buffer;
    },
    async open(sealed, place) {
      const bytes = new Uint8Array(sealed);
      if (bytes[0] !== version || bytes.length < textStarts + tagBytes) throw unopenable(place);
      const nonce = bytes.slice(1, textStarts);
      try {
        const text = bytes.subarray(textStarts);
        return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, place), key, text));
      } catch (cause) {
        throw unopenable(place, cause);
      }
    },
  };
}

function unopenable(place: string, cause?: unknown): AppError {
  return new AppError('storage.sealed', `what is sealed for "${place}" cannot be opened`, { cause });
}

/** WebCrypto takes no bytes that another thread could change meanwhile. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
