/**
 * The cryptography of the log as ports. SHA-256 is synchronous: a log has a million small things to hash, and a promise for
 * each costs more than the hash. Signatures are Ed25519 (RFC 8032).
 */
export interface LogCrypto {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** False for a wrong signature, and for a key or signature that is none. */
  verify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}

/** Whoever holds a private key; the key itself never leaves it. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** SHA-256 over something too large to be in memory at once. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** 32 bytes; nothing may be added afterwards. */
  digest(): Uint8Array;
}
