import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import { type Bucket, getBytes, listAll } from '../../server/blobs/bucket.ts';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { removeFolder, tempFolder } from './temp-folder.ts';
import { testVault } from './test-vault.ts';

/** The contract once more on Cloudflare's own imitation of R2, as a Worker gets it. */

async function localBucket() {
  const folder = await tempFolder();
  const configPath = join(folder, 'wrangler.json');
  const settings = {
    name: 'blobs',
    compatibility_date: '2026-01-01',
    r2_buckets: [{ binding: 'BLOBS', bucket_name: 'blobs' }],
  };
  await writeFile(configPath, JSON.stringify(settings));
  const platform = await getPlatformProxy<{ BLOBS: Bucket }>({ configPath, persist: false });
  const close = async (): Promise<void> => {
    await platform.dispose();
    await removeFolder(folder);
  };
  return { bucket: platform.env.BLOBS, close };
}

blobStoreContract(
  'R2',
  async () => {
    const { bucket, close } = await localBucket();
    const open = (keys = testVault()) => createR2Store({ bucket, keys });
    return {
      store: open(),
      reopen: open,
      atRest: async () => {
        const names: string[] = [];
        for await (const { key } of listAll(bucket, '')) names.push(key);
        const contents = await Promise.all(names.map(async (name) => (await getBytes(bucket, name))!));
        return { names, bytes: Buffer.concat(contents) };
      },
      close,
    };
  },
  Date.UTC(2100, 0, 1),
);
