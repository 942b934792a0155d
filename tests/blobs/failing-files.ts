import { type BlobFiles, diskFiles } from '../../server/blobs/disk-files.ts';
import { AppError } from '../../shared/kernel/errors.ts';

export interface FailingFiles extends BlobFiles {
  /** The write that fails, counted from 1; 0 for none. */
  failAt: number;
  /** How many have been asked for. */
  writes: number;
}

/** A disk of which one write fails after half of it was written, as a full disk or a crash does. */
export function failingFiles(): FailingFiles {
  const disk = diskFiles();
  const files: FailingFiles = {
    ...disk,
    failAt: 0,
    writes: 0,
    create: (path, bytes) => attempt(bytes, (part) => disk.create(path, part)),
    append: (path, position, bytes) => attempt(bytes, (part) => disk.append(path, position, part)),
    overwrite: (path, position, bytes) => attempt(bytes, (part) => disk.overwrite(path, position, part)),
    rename: (from, to) => attempt(undefined, () => disk.rename(from, to)),
    remove: (path) => attempt(undefined, () => disk.remove(path)),
  };
  async function attempt(bytes: Uint8Array | undefined, write: (part: Uint8Array) => Promise<void>) {
    files.writes += 1;
    if (files.writes !== files.failAt) return write(bytes ?? new Uint8Array(0));
    if (bytes !== undefined) await write(bytes.subarray(0, bytes.length >> 1));
    throw new AppError('storage.full', 'the disk is full');
  }
  return files;
}
