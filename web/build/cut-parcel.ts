import { createHash } from 'node:crypto';
import type { Parcel } from '../engine/parcels.ts';

/** Small enough to be lost on a bad line without much harm, large enough that there are few of them. */
const chunkBytes = 2 ** 20;

export interface CutParcel {
  readonly parcel: Parcel;
  /** In the order of `parcel.chunks`; views of the file's bytes. */
  readonly contents: readonly Uint8Array[];
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function cutParcel(name: string, file: Uint8Array): CutParcel {
  const contents = Array.from({ length: Math.ceil(file.length / chunkBytes) }, (_, index) =>
    file.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return {
    parcel: {
      name,
      sha256: sha256Hex(file),
      bytes: file.length,
      chunks: contents.map((content) => ({ sha256: sha256Hex(content), bytes: content.length })),
    },
    contents,
  };
}
