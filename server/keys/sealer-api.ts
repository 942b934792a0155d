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

/** The key of one large thing, which is sealed piece by piece; a piece becomes `sealedPieceBytes` longer. */
export interface DataKey {
  /** @param aad the thing, and the place of the piece in it */
  seal(plain: Uint8Array, aad: string): Uint8Array;
  /** @throws AppError `storage.sealed` */
  open(sealed: Uint8Array, aad: string): Uint8Array;
}

/** Nonce and tag. */
export const sealedPieceBytes = 28;

/** Of a wrapped data key. */
export const wrappedKeyBytes = 69;

export interface DataKeys {
  /** @param aad table, key and version of the thing; `wrapped` is kept beside it and has `wrappedKeyBytes` */
  newKey(aad: string): { readonly wrapped: Uint8Array; readonly key: DataKey };
  /** @throws AppError `storage.sealed` */
  unwrap(wrapped: Uint8Array, aad: string): DataKey;
}

export interface KeyRotation {
  /**
   * What `seal` or `newKey` made under an older master key, with its data key wrapped by the present one; the content is
   * not read. Undefined when it is under the present one already.
   * @throws AppError `storage.sealed`
   */
  rewrap(sealed: Uint8Array, aad: string): Uint8Array | undefined;
}

/** Everything that the master key is for. */
export type KeyVault = Sealer & DataKeys & KeyRotation;
