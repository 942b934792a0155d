import { constants, existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../server/blobs/blob-store-api.ts';
import { diskFiles } from '../../server/blobs/disk-files.ts';
import { createDiskStore } from '../../server/blobs/disk-store.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { aBlob, clinic, mib, readAll, send, sha256Of } from './blob-store.contract.ts';
import { failingFiles } from './failing-files.ts';
import { everythingIn, removeFolder, tempFolder } from './temp-folder.ts';
import { testVault } from './test-vault.ts';

const code = (name: string) => expect.objectContaining({ code: name });

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
});
afterEach(() => removeFolder(folder));

const openStore = (more = {}): BlobStore =>
  createDiskStore({ folder, keys: testVault(), now: () => Date.UTC(2026, 0, 1), ...more });

async function allFiles(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

async function change(path: string, at: number): Promise<void> {
  const file = await open(path, constants.O_RDWR);
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  byte[0]! ^= 0x10;
  await file.write(byte, 0, 1, at);
  await file.close();
}

async function cutOff(path: string, bytes: number): Promise<void> {
  const file = await open(path, constants.O_RDWR);
  await file.truncate((await file.stat()).size - bytes);
  await file.close();
}

describe('a damaged file', () => {
  const { bytes, blob } = aBlob(1, 2 * mib + 1000);

  it.each([['changed'], ['cut off']])(
    'is given out up to the piece that was %s, and no further',
    async (how) => {
      await send(openStore(), bytes, blob);
      const [path] = await allFiles();
      const { size } = await stat(path!);
      if (how === 'changed') await change(path!, size - 6000);
      else await cutOff(path!, 1);
      const store = openStore();
      const sound = how === 'changed' ? mib : 2 * mib;
      expect(sha256Of(await readAll(store, blob.sha256, 0, sound))).toBe(sha256Of(bytes.subarray(0, sound)));
      await expect(readAll(store, blob.sha256, sound, sound + 1)).rejects.toThrow(code('blob.damaged'));
    },
  );

  it('is not found, under another file’s name either', async () => {
    const other = aBlob(2, 2 * mib + 1000);
    const store = openStore();
    await send(store, bytes, blob);
    const [mine] = await allFiles();
    await send(store, other.bytes, other.blob);
    const theirs = (await allFiles()).find((path) => path !== mine);
    await diskFiles().rename(theirs!, mine!);
    await expect(store.find(clinic, blob.sha256)).rejects.toThrow(code('blob.damaged'));
    await expect(readAll(store, blob.sha256)).rejects.toThrow(code('blob.damaged'));
  });

  it.each([
    ['head', 30],
    ['description', 200],
    ['content', 5000],
  ])('is taken anew when its %s was changed', async (_, at) => {
    const store = openStore();
    await send(store, bytes, blob);
    const [path] = await allFiles();
    await change(path!, at);
    await expect(readAll(store, blob.sha256)).rejects.toThrow(code('blob.damaged'));
    await send(store, bytes, blob);
    expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
  });
});

describe('a disk that fails at any one write', () => {
  const { bytes, blob } = aBlob(3, mib + 300_000);

  /** As a device does it: after a failure it asks how far the hub is. */
  async function sendStubbornly(store: BlobStore, acknowledged: (offset: number) => void): Promise<string[]> {
    const failures: string[] = [];
    const attempt = async <Result>(task: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        return await task();
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        failures.push(thrown.code);
        return undefined;
      }
    };
    for (;;) {
      const beginning = await attempt(() => store.begin(clinic, blob));
      if (beginning?.kind === 'stored') return failures;
      if (beginning === undefined) continue;
      let at = beginning.offset;
      acknowledged(at);
      while (at < blob.size) {
        const next = await attempt(() =>
          store.append(clinic, beginning.id, at, bytes.subarray(at, at + 260_000)),
        );
        if (next === undefined) break;
        at = next;
        acknowledged(at);
      }
    }
  }

  it.each([false, true])(
    'loses nothing that was acknowledged, the process killed as well: %s',
    async (killed) => {
      const counting = failingFiles();
      await sendStubbornly(openStore({ files: counting }), () => undefined);
      expect(counting.writes).toBeGreaterThan(9);
      let failed = 0;
      for (let failAt = 1; failAt <= counting.writes; failAt++) {
        await removeFolder(folder);
        const files = failingFiles();
        files.failAt = failAt;
        let store = openStore({ files });
        let highest = 0;
        const failures = await sendStubbornly(
          {
            ...store,
            begin: async (...args) => {
              // Whoever starts anew knows the disk alone.
              if (killed && files.writes >= failAt) store = openStore({ files });
              return store.begin(...args);
            },
            append: (...args) => store.append(...args),
          },
          (offset) => {
            expect(offset, `write ${failAt}`).toBeGreaterThanOrEqual(highest);
            highest = offset;
          },
        );
        failed += failures.length;
        expect(failures.filter((each) => each !== 'storage.full')).toEqual([]);
        expect(sha256Of(await readAll(store, blob.sha256)), `write ${failAt}`).toBe(blob.sha256);
        expect(await store.expire(Date.UTC(2030, 0, 1))).toBe(0);
        expect(await allFiles(), `write ${failAt}`).toHaveLength(1);
      }
      expect(failed).toBe(counting.writes);
    },
    120_000,
  );
});

describe.runIf(existsSync('/dev/full'))('the system’s own full disk', () => {
  it('is called full', async () => {
    await expect(diskFiles().overwrite('/dev/full', 0, new Uint8Array(10))).rejects.toThrow(
      code('storage.full'),
    );
  });
});

describe('an upload on a disk that lies', () => {
  it('goes back to where all is as it was written', async () => {
    const { bytes, blob } = aBlob(4, 3 * mib);
    const { id, offset } = await send(openStore(), bytes, blob, 400_000, 2 * mib + 800_000);
    const paths = await allFiles();
    await change(
      paths.find((path) => !path.endsWith('.tail'))!,
      mib + 5000,
    );
    const store = openStore();
    const state = await store.upload(clinic, id);
    expect(state!.offset).toBeLessThan(offset);
    await send(store, bytes, blob, 400_000);
    expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
  });
});

describe('a new master key', () => {
  it('opens what was stored and what is arriving once all is re-wrapped, and the old one opens nothing', async () => {
    const [one, two] = [aBlob(5, mib + 9), aBlob(6, 300_000)];
    const first = openStore();
    await send(first, one.bytes, one.blob);
    await send(first, two.bytes, two.blob, 100_000, 200_000);
    const store = openStore({ keys: testVault(2, 1) });
    const before = await everythingIn(folder);
    expect(await store.rewrap()).toEqual({ files: 2, rewrapped: 2, closed: 0 });
    expect(await store.rewrap()).toEqual({ files: 2, rewrapped: 0, closed: 0 });
    expect((await everythingIn(folder)).bytes.length).toBe(before.bytes.length);
    const afterwards = openStore({ keys: testVault(2) });
    expect(sha256Of(await readAll(afterwards, one.blob.sha256))).toBe(one.blob.sha256);
    expect((await send(afterwards, two.bytes, two.blob)).offset).toBe(two.blob.size);
    await expect(openStore().find(clinic, one.blob.sha256)).rejects.toThrow(code('blob.damaged'));
  });

  it('says how many stored files it cannot open, and leaves them as they are', async () => {
    const { bytes, blob } = aBlob(10, 5000);
    await send(openStore(), bytes, blob);
    const strange = openStore({ keys: testVault(3) });
    expect(await strange.rewrap()).toEqual({ files: 0, rewrapped: 0, closed: 1 });
    expect(sha256Of(await readAll(openStore(), blob.sha256))).toBe(blob.sha256);
  });

  it('is safe against a crash at any write of the re-wrapping', async () => {
    const { bytes, blob } = aBlob(7, 5000);
    await send(openStore(), bytes, blob);
    for (const failAt of [1, 2]) {
      const files = failingFiles();
      files.failAt = failAt;
      const keys = testVault(failAt + 1, failAt);
      await expect(openStore({ files, keys }).rewrap()).rejects.toThrow('full');
      expect(sha256Of(await readAll(openStore({ keys }), blob.sha256))).toBe(blob.sha256);
      expect(await openStore({ keys }).rewrap()).toMatchObject({ rewrapped: 1, closed: 0 });
    }
  });
});

describe('a clinic without room', () => {
  it('begins nothing, and goes on with what it has begun', async () => {
    const { bytes, blob } = aBlob(8, 100_000);
    await send(openStore(), bytes, blob, 50_000, 50_000);
    const admit = async (): Promise<void> => {
      throw new AppError('storage.full', 'the clinic has used up its room');
    };
    const store = openStore({ admit });
    await expect(store.begin(clinic, aBlob(9, 10).blob)).rejects.toThrow(code('storage.full'));
    await send(store, bytes, blob);
  });
});

describe('many uploads at once', () => {
  it('are all kept, although the state of few is kept in memory', async () => {
    const store = openStore();
    const blobs = Array.from({ length: 300 }, (_, index) => aBlob(1000 + index, 9000));
    for (const { bytes, blob } of blobs) await send(store, bytes, blob, 5000, 5000);
    for (const { bytes, blob } of blobs) await send(store, bytes, blob, 5000);
    for (const { blob } of blobs) expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
  });
});
