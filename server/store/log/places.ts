import { toHex } from '../../../shared/kernel/bytes.ts';
import type { SqlValue } from '../database.ts';

/** An entry's primary key: the number of the clinic's tree and the index in its order, in the 53 bits of a safe integer. */

const indexes = 2 ** 32;

export function placeOf(tree: number, index: number): number {
  return tree * indexes + index;
}

export function indexOf(place: number): number {
  return place % indexes;
}

/** A BLOB of a row as lower-case hex. */
export function hexOf(value: SqlValue | undefined): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('this column holds bytes');
  return toHex(value);
}

export function bytesOf(value: SqlValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('this column holds bytes');
  return value;
}
