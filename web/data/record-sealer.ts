/** Seals what must not lie readable on the device; both ways have to be done before a transaction, which they would end. */
export interface RecordSealer {
  /** @param place where it belongs: it cannot be opened at another one */
  seal(plain: Uint8Array, place: string): Promise<ArrayBuffer>;
  /** @throws AppError `storage.sealed` when it was altered, belongs elsewhere, or the key is another one */
  open(sealed: ArrayBuffer, place: string): Promise<Uint8Array>;
}

/** Different for any two places: only the last part of one may hold a line feed. */
export const bodyPlace = (hash: string): string => `records.bodies:1\n${hash}`;
export const rowPlace = (table: string, key: string): string => `records.rows:1\n${table}\n${key}`;
export const piecePlace = (sha256: string, index: number): string => `records.pieces:1\n${sha256}\n${index}`;
