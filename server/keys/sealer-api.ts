/**
 * Encryption at rest: AES-256-GCM with a data key for each thing, wrapped by the master key. Synchronous, because a commit
 * seals thousands of small bodies.
 */
export interface Sealer {
  /** @param aad table, key and version: what is sealed for one place cannot be opened at another */
  seal(plain: Uint8Array, aad: string): Uint8Array;
  /** @throws AppError `storage.sealed` when it was altered, sealed for another place or under another master key */
  open(sealed: Uint8Array, aad: string): Uint8Array;
  /** Keyed hash, lower-case hex, to find a name or a patient id without keeping it in clear. */
  blindIndex(text: string, purpose: string): string;
}
