import { concatBytes } from '../../../shared/kernel/bytes.ts';

/**
 * Many BLOBs as one argument of a statement: JSON has no bytes, so rows name a stretch of it (`substr` counts from 1).
 */
export interface ByteColumn {
  /** @returns first byte and length; two nulls for no BLOB */
  add(bytes: Uint8Array | null): readonly [number, number] | readonly [null, null];
  bytes(): Uint8Array;
}

export function createByteColumn(): ByteColumn {
  const parts: Uint8Array[] = [];
  let length = 0;
  return {
    add(bytes) {
      if (bytes === null) return [null, null];
      const from = length + 1;
      parts.push(bytes);
      length += bytes.length;
      return [from, bytes.length];
    },
    bytes: () => concatBytes(...parts),
  };
}
