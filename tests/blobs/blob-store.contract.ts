import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BlobBeginning,
  type BlobDescription,
  type BlobStore,
  leastAppendBytes,
  mostAppendBytes,
} from '../../server/blobs/blob-store-api.ts';
import type { KeyVault } from '../../server/keys/sealer-api.ts';
import { Dice } from '../property/dice.ts';
import { testVault } from './test-vault.ts';

export const mib = 1024 * 1024;
export const clinic = '11111111-1111-4111-8111-111111111111';
const otherClinic = '22222222-2222-4222-8222-222222222222';

/** Bytes that follow from the seed, and what they are called. */
export function aBlob(
  seed: number,
  size: number,
): { readonly bytes: Uint8Array; readonly blob: BlobDescription } {
  const dice = new Dice(seed);
  const bytes = Uint8Array.from({ length: size }, () => dice.int(0, 255));
  return { bytes, blob: { sha256: sha256Of(bytes), size, type: 'application/dicom' } };
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function underWay(beginning: BlobBeginning) {
  if (beginning.kind !== 'upload') throw new TypeError('it is stored already');
  return beginning;
}

/** From where it stands to the end. @returns the last offset */
export async function send(
  store: BlobStore,
  bytes: Uint8Array,
  blob: BlobDescription,
  step = mib,
  end = bytes.length,
  of = clinic,
) {
  const { id, offset } = underWay(await store.begin(of, blob));
  let at = offset;
  while (at < end) at = await store.append(of, id, at, bytes.subarray(at, Math.min(end, at + step)));
  return { id, offset: at };
}

export async function readAll(
  store: BlobStore,
  sha256: string,
  from = 0,
  to = Infinity,
  of = clinic,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of store.read(of, sha256, from, to)) parts.push(new Uint8Array(part));
  return Buffer.concat(parts);
}

export interface StoreUnderTest {
  readonly store: BlobStore;
  /** The same records, opened by a process that knows nothing of them yet. */
  reopen(keys?: KeyVault): BlobStore;
  /** All that is at rest, names and contents. */
  atRest(): Promise<{ readonly names: readonly string[]; readonly bytes: Buffer }>;
  close(): Promise<void>;
}

const code = (name: string) => expect.objectContaining({ code: name });

/** What every implementation of the port has to do. `future` is later than anything that happens here, in milliseconds. */
export function blobStoreContract(name: string, make: () => Promise<StoreUnderTest>, future: number): void {
  describe(`${name} keeps files`, () => {
    let test: StoreUnderTest;
    let store: BlobStore;
    beforeAll(async () => {
      test = await make();
      ({ store } = test);
    }, 60_000);
    afterAll(() => test.close());

    it.each([
      ['one byte', 1, mib],
      ['exactly a piece', mib, mib],
      ['a piece and a byte', mib + 1, mib],
      ['in small steps', mib + 70_000, 50_000],
      ['in steps that straddle pieces', 3 * mib - 5, 700_001],
    ])('%s', async (_, size, step) => {
      const { bytes, blob } = aBlob(size + step, size);
      expect(await store.find(clinic, blob.sha256)).toBeUndefined();
      await send(store, bytes, blob, step);
      expect(await store.find(clinic, blob.sha256)).toEqual(blob);
      expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
      expect(await store.begin(clinic, blob)).toEqual({ kind: 'stored' });
      expect(sha256Of(await readAll(test.reopen(), blob.sha256))).toBe(blob.sha256);
    });

    it('reads any range', async () => {
      const { bytes, blob } = aBlob(7, 2 * mib + 500);
      await send(store, bytes, blob, 300_000);
      const dice = new Dice(8);
      for (let trial = 0; trial < 15; trial++) {
        const from = dice.int(0, blob.size - 1);
        const to = dice.int(from + 1, blob.size + 10);
        const part = await readAll(store, blob.sha256, from, to);
        expect(sha256Of(part), `${from} to ${to}`).toBe(sha256Of(bytes.subarray(from, to)));
      }
    });

    it('goes on where it was, also in a process that knows nothing of it', async () => {
      const { bytes, blob } = aBlob(9, 2 * mib + 100);
      const { id, offset } = await send(store, bytes, blob, 111_111, mib + 300_000);
      const reopened = test.reopen();
      expect(await reopened.upload(clinic, id)).toEqual({ ...blob, id, offset });
      expect(await reopened.begin(clinic, blob)).toEqual({ kind: 'upload', ...blob, id, offset });
      await send(reopened, bytes, blob, 99_999);
      expect(sha256Of(await readAll(reopened, blob.sha256))).toBe(blob.sha256);
      expect(await reopened.upload(clinic, id)).toBeUndefined();
    });

    it('takes nothing at another offset, and says so without losing its place', async () => {
      const { bytes, blob } = aBlob(10, 100_000);
      const { id, offset } = await send(store, bytes, blob, 40_000, 40_000);
      for (const wrong of [0, offset - 1, offset + 1, blob.size]) {
        await expect(store.append(clinic, id, wrong, bytes.subarray(0, 5000))).rejects.toThrow(
          code('blob.offset-mismatch'),
        );
      }
      expect((await store.upload(clinic, id))?.offset).toBe(offset);
      await send(store, bytes, blob);
    });

    it('takes neither too much nor too little at once', async () => {
      const { bytes, blob } = aBlob(11, 2 * mib);
      const { id } = await send(store, bytes, blob, mib, 0);
      for (const length of [0, 1, leastAppendBytes - 1, mostAppendBytes + 1]) {
        await expect(store.append(clinic, id, 0, bytes.subarray(0, length))).rejects.toThrow(
          code('request.invalid'),
        );
      }
      await store.append(clinic, id, 0, bytes.subarray(0, mib));
      await store.append(clinic, id, mib, bytes.subarray(mib, 2 * mib - 3));
      await expect(store.append(clinic, id, 2 * mib - 3, new Uint8Array(5000))).rejects.toThrow(
        code('request.invalid'),
      );
      await store.append(clinic, id, 2 * mib - 3, bytes.subarray(2 * mib - 3));
      expect(await store.find(clinic, blob.sha256)).toEqual(blob);
    });

    it('never has a file that is not the one that was announced', async () => {
      const { bytes, blob } = aBlob(12, 200_000);
      const { id } = await send(store, bytes, blob, 100_000, 100_000);
      const wrong = Uint8Array.from(bytes);
      wrong[150_000]! ^= 1;
      await expect(store.append(clinic, id, 100_000, wrong.subarray(100_000))).rejects.toThrow(
        code('blob.hash-mismatch'),
      );
      expect(await store.find(clinic, blob.sha256)).toBeUndefined();
      expect(await store.upload(clinic, id)).toBeUndefined();
      await send(store, bytes, blob);
      expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
    });

    it('is not held up by somebody who announces another size', async () => {
      const { bytes, blob } = aBlob(13, 50_000);
      await store.begin(clinic, { ...blob, size: 60_000 });
      await send(store, bytes, blob);
      expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
    });

    it('lets two send the same file at once: each byte is taken from one of them', async () => {
      const { bytes, blob } = aBlob(14, mib + 200_000);
      let refused = 0;
      const one = async (step: number): Promise<void> => {
        const beginning = await store.begin(clinic, blob);
        if (beginning.kind === 'stored') return;
        for (let at = beginning.offset; at < blob.size;) {
          try {
            at = await store.append(clinic, beginning.id, at, bytes.subarray(at, at + step));
          } catch {
            refused += 1;
            const state = await store.upload(clinic, beginning.id);
            at = state?.offset ?? blob.size;
          }
        }
      };
      await Promise.all([one(64_000), one(50_000)]);
      expect(refused).toBeGreaterThan(0);
      expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
    });

    it('tells a clinic nothing of another one', async () => {
      const { bytes, blob } = aBlob(15, 60_000);
      const { id } = await send(store, bytes, blob, 30_000, 30_000);
      expect(await store.upload(otherClinic, id)).toBeUndefined();
      await expect(store.append(otherClinic, id, 30_000, bytes.subarray(30_000))).rejects.toThrow(
        code('blob.no-upload'),
      );
      await send(store, bytes, blob);
      expect(await store.find(otherClinic, blob.sha256)).toBeUndefined();
      const foreign = underWay(await store.begin(otherClinic, blob));
      expect(foreign.offset).toBe(0);
      expect(foreign.id).not.toBe(id);
      await store.remove(otherClinic, blob.sha256);
      expect(await store.find(clinic, blob.sha256)).toEqual(blob);
    });

    it.each(['', '../../etc/passwd', 'a'.repeat(63), 'A'.repeat(64), '0'.repeat(64)])(
      'knows no upload “%s”',
      async (id) => {
        expect(await store.upload(clinic, id)).toBeUndefined();
        await expect(store.append(clinic, id, 0, new Uint8Array(5000))).rejects.toThrow(
          code('blob.no-upload'),
        );
      },
    );

    it('forgets what was removed', async () => {
      const { bytes, blob } = aBlob(16, mib + 5);
      await send(store, bytes, blob);
      await store.remove(clinic, blob.sha256);
      await store.remove(clinic, blob.sha256);
      expect(await store.find(clinic, blob.sha256)).toBeUndefined();
      await expect(readAll(store, blob.sha256)).rejects.toThrow(code('blob.unknown'));
      expect((await store.begin(clinic, blob)).kind).toBe('upload');
    });

    it('shows neither hash nor content nor type to whoever looks at what is at rest', async () => {
      const text = Buffer.from('PATIENT^PLANTED '.repeat(20_000));
      const blob = { sha256: sha256Of(text), size: text.length, type: 'application/dicom' };
      await send(store, text, blob, 40_000, 120_000);
      const half = await test.atRest();
      await send(store, text, blob);
      const whole = await test.atRest();
      for (const { names, bytes } of [half, whole]) {
        expect(names.length).toBeGreaterThan(0);
        expect(bytes.length).toBeGreaterThan(100_000);
        for (const planted of ['PLANTED', blob.sha256, 'application/dicom', clinic]) {
          expect(bytes.includes(planted)).toBe(false);
          expect(names.filter((each) => each.includes(planted))).toEqual([]);
        }
      }
    });

    it('wraps all keys by a new master key, and counts what it cannot open', async () => {
      const { bytes, blob } = aBlob(18, 70_000);
      await send(store, bytes, blob);
      const both = test.reopen(testVault(2, 1));
      const { files, rewrapped, closed } = await both.rewrap();
      expect([files > 0, files - rewrapped, closed]).toEqual([true, 0, 0]);
      expect(await both.rewrap()).toEqual({ files, rewrapped: 0, closed: 0 });
      const { closed: unopened, ...none } = await test.reopen(testVault(1)).rewrap();
      expect([unopened > 0, none]).toEqual([true, { files: 0, rewrapped: 0 }]);
      expect(sha256Of(await readAll(test.reopen(testVault(2)), blob.sha256))).toBe(blob.sha256);
      await test.reopen(testVault(1, 2)).rewrap();
      const stopped = new Error('stopped');
      const stop = (): never => {
        throw stopped;
      };
      await expect(store.rewrap(stop)).rejects.toBe(stopped);
    });

    it('gives up uploads that nobody goes on with, and leaves files alone', async () => {
      const { bytes, blob } = aBlob(17, 100_000);
      const { id } = await send(store, bytes, blob, 50_000, 50_000);
      expect(await store.expire(0)).toBe(0);
      expect((await store.upload(clinic, id))?.offset).toBe(50_000);
      expect(await store.expire(future)).toBeGreaterThan(0);
      expect(await store.upload(clinic, id)).toBeUndefined();
      expect(await store.expire(future)).toBe(0);
      await send(store, bytes, blob);
      expect(await store.expire(future)).toBe(0);
      expect(sha256Of(await readAll(store, blob.sha256))).toBe(blob.sha256);
    });
  });
}
