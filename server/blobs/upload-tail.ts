import { concatBytes } from '../../shared/kernel/bytes.ts';
import { type DataKey, sealedPieceBytes } from '../keys/sealer-api.ts';
import { pieceBytes } from './blob-file.ts';
import { leastAppendBytes } from './blob-store-api.ts';

// What has come of a piece that is not whole yet, in a file beside the upload: for each append its length (u32, big endian)
// and the bytes, sealed and bound to their offset in the blob. What a crash left behind of a later or an earlier piece does
// not open, and ends the list.

const lengthBytes = 4;

/** As long as a tail can be. */
export const mostTailBytes =
  pieceBytes + (pieceBytes / leastAppendBytes + 1) * (lengthBytes + sealedPieceBytes);

const tailPlace = (place: string, offset: number): string => `${place}\ntail\n${offset}`;

export function tailFrame(key: DataKey, place: string, offset: number, bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(lengthBytes);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concatBytes(length, key.seal(bytes, tailPlace(place, offset)));
}

export interface TailContent {
  readonly bytes: Uint8Array;
  /** Where the next frame goes. */
  readonly end: number;
}

/** @param start the offset in the blob of the tail's first byte */
export function readTail(key: DataKey, place: string, start: number, file: Uint8Array): TailContent {
  const parts: Uint8Array[] = [];
  let offset = start;
  let end = 0;
  while (end + lengthBytes <= file.length && offset - start < pieceBytes) {
    const length = new DataView(file.buffer, file.byteOffset + end).getUint32(0);
    const next = end + lengthBytes + length + sealedPieceBytes;
    if (length === 0 || length > pieceBytes || next > file.length) break;
    try {
      parts.push(key.open(file.subarray(end + lengthBytes, next), tailPlace(place, offset)));
    } catch {
      break;
    }
    offset += length;
    end = next;
  }
  return { bytes: concatBytes(...parts), end };
}
