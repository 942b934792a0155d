import { ByteQueue } from '../../shared/log/bundle/byte-queue.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type BlobStore, mostAppendBytes } from '../blobs/blob-store-api.ts';

/** One picture on its way from a file into the hub's store, a piece at a time. */
export interface PictureSink {
  piece(bytes: Uint8Array): Promise<void>;
  /** @param isWhole whether all of it came. `refused`: it is not the one that was announced. `later`: it comes over the network too */
  end(isWhole: boolean): Promise<'fresh' | 'known' | 'refused' | 'later'>;
}

/** @throws AppError `storage.full` */
export async function pictureSink(
  blobs: Pick<BlobStore, 'begin' | 'append'>,
  clinic: string,
  { sha256, bytes: size, type }: BlobRef,
): Promise<PictureSink> {
  const beginning = await blobs.begin(clinic, { sha256, size, type });
  const queue = new ByteQueue();
  /** What is to be left out because an earlier attempt, or another device, has sent it. */
  let skip = beginning.kind === 'upload' ? beginning.offset : size;
  let offset = skip;
  let outcome: 'fresh' | 'known' | 'refused' | 'later' = beginning.kind === 'upload' ? 'fresh' : 'known';

  async function append(upload: string, count: number): Promise<void> {
    try {
      offset = await blobs.append(clinic, upload, offset, queue.take(count));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'blob.hash-mismatch') outcome = 'refused';
      else if (error.code === 'blob.offset-mismatch' || error.code === 'blob.no-upload') outcome = 'later';
      else throw error;
    }
  }

  return {
    async piece(bytes) {
      const left = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - left.length;
      if (outcome !== 'fresh' || beginning.kind !== 'upload') return;
      queue.push(left);
      // A part that is too small is waited for, unless it is the last one.
      while (outcome === 'fresh' && queue.length >= mostAppendBytes)
        await append(beginning.id, mostAppendBytes);
      const isLast = offset + queue.length === size;
      if (outcome === 'fresh' && isLast && queue.length > 0) await append(beginning.id, queue.length);
    },
    end: async (isWhole) => (outcome === 'fresh' && !isWhole ? 'later' : outcome),
  };
}
