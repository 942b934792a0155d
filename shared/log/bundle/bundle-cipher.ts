/** AES-256-GCM (NIST SP 800-38D) under the key of one bundle, with a 128-bit tag behind the text. */
export interface BundleCipher {
  /** @param nonce 12 bytes, never twice */
  seal(plain: Uint8Array, nonce: Uint8Array): Promise<Uint8Array>;
  /** Undefined for anything but what `seal` made with this nonce. */
  open(sealed: Uint8Array, nonce: Uint8Array): Promise<Uint8Array | undefined>;
}

/** The key is HKDF-SHA-256 (RFC 5869) of the three: 32 bytes that no other bundle has. */
export type OpenBundleCipher = (
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
) => Promise<BundleCipher>;

export const tagBytes = 16;
