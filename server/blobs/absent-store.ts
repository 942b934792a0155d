import { AppError } from '../../shared/kernel/errors.ts';
import type { BlobStore } from './blob-store-api.ts';

async function refuse(): Promise<never> {
  throw new AppError('blob.unavailable-here', 'this host has no store for files');
}

/** In the place of a store on a host that was given none: there are no files, and none is taken. */
export const absentBlobs: BlobStore = {
  find: refuse,
  begin: refuse,
  upload: refuse,
  append: refuse,
  // oxlint-disable-next-line require-yield -- there is nothing to give
  async *read() {
    await refuse();
  },
  remove: refuse,
  expire: async () => 0,
  rewrap: async () => ({ files: 0, rewrapped: 0, closed: 0 }),
};
