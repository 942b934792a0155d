import { statfsSync } from 'node:fs';
import { AppError } from '../../shared/kernel/errors.ts';
import type { BlobFiles } from './disk-files.ts';

/**
 * Pictures may fill a disk until this much is left. The rest is for the records: a hub that cannot write its log lets nobody
 * in, not even to make room.
 */
export const leftForRecordsBytes = 256 * 1024 * 1024;

/** What this account of the system may still write there; as much as there can be where the platform does not tell. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.MAX_SAFE_INTEGER;
  }
}

/** Whether so many bytes more may be kept. @throws AppError `storage.full` */
export type Room = (bytes: number) => void;

export function roomBeside(leftBytes: number, free: () => number): Room {
  return (bytes) => {
    if (free() - bytes < leftBytes)
      throw new AppError('storage.full', 'the rest of the disk is for the records');
  };
}

/** The same files, whose new bytes need room; giving a file its name and wrapping keys anew do not. */
export function withRoom(files: BlobFiles, room: Room): BlobFiles {
  return {
    ...files,
    async create(path, bytes) {
      room(bytes.length);
      await files.create(path, bytes);
    },
    async append(path, position, bytes) {
      room(bytes.length);
      await files.append(path, position, bytes);
    },
  };
}
