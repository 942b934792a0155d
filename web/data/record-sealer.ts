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
export const readingPlace = (table: 'readings' | 'outcomes' | 'thumbnails', id: string): string =>
  `records.${table}:1\n${id}`;
export const shortPlace = (table: string, key: string): string => `records.shorts:1\n${table}\n${key}`;

/**
 * Opens what has not been opened before: sealed twice, the same never looks the same, so that what looks the same is. Whoever
 * reads a list again and again opens only what has changed.
 */
export function sealedOnce<Value>(
  sealer: Pick<RecordSealer, 'open'>,
  read: (bytes: Uint8Array) => Value,
): (sealed: ArrayBuffer, place: string) => Promise<Value> {
  const known = new Map<string, { readonly mark: string; readonly value: Value }>();
  return async (sealed, place) => {
    const mark = markOf(sealed);
    const held = known.get(place);
    if (held?.mark === mark) return held.value;
    const value = read(await sealer.open(sealed, place));
    known.set(place, { mark, value });
    return value;
  };
}

/** Version and nonce, 96 bits of chance. */
const markBytes = 13;

function markOf(sealed: ArrayBuffer): string {
  return String.fromCharCode(...new Uint8Array(sealed, 0, Math.min(markBytes, sealed.byteLength)));
}
