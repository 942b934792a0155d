import { createDiskStore } from '../../server/blobs/disk-store.ts';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { memoryBucket } from './memory-bucket.ts';
import { everythingIn, removeFolder, tempFolder } from './temp-folder.ts';
import { testVault } from './test-vault.ts';

const start = Date.UTC(2026, 0, 1);
let tick = 0;
const now = (): number => start + tick++;

blobStoreContract(
  'the disk',
  async () => {
    const folder = await tempFolder();
    const open = (keys = testVault()) => createDiskStore({ folder, keys, now });
    return {
      store: open(),
      reopen: open,
      atRest: () => everythingIn(folder),
      close: () => removeFolder(folder),
    };
  },
  start + 1e9,
);

blobStoreContract(
  'an object store',
  async () => {
    const bucket = memoryBucket(now);
    const open = (keys = testVault()) => createR2Store({ bucket, keys });
    return {
      store: open(),
      reopen: open,
      atRest: async () => ({
        names: [...bucket.objects.keys()],
        bytes: Buffer.concat([...bucket.objects.values()]),
      }),
      close: async () => bucket.objects.clear(),
    };
  },
  start + 1e9,
);
