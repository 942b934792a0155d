/**
 * Encryption at rest: AES-256-GCM with data keys that the master key wraps; small things share one. Synchronous, because a
 * commit seals thousands of small bodies.
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

/** What `seal` makes begins with a wrapped key, so that its first `wrappedKeyBytes` are enough for `rewrap` and `unwrap`. */
export interface KeyRotation {
  /**
   * What `seal` or `newKey` made under an older master key, with its data key wrapped by the present one; the content is
   * not read. Undefined when it is under the present one already.
   * @throws AppError `storage.sealed`
   */
  rewrap(sealed: Uint8Array, aad: string): Uint8Array | undefined;
}

/**
 * A column of the database that holds what `seal` made, or NULL. Described where it is sealed, for whoever wraps all keys
 * anew.
 */
export interface SealedColumn {
  readonly table: string;
  /** The primary key. */
  readonly keys: readonly string[];
  readonly column: string;
  /** What the place follows from beside the primary key: names, and SQL expressions over the table. */
  readonly beside?: Readonly<Record<string, string>>;
  /** @throws AppError `server.internal` for a row that should not be there */
  aad(row: Readonly<Record<string, unknown>>): string;
}

/** Everything that the master key is for. */
export type KeyVault = Sealer & DataKeys & KeyRotation;
