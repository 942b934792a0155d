import { AppError } from '../../shared/kernel/errors.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import { checkAppend, isUploadId } from './append-check.ts';
import { type BlobHead, newHead, readHead, rewrapWrites } from './blob-file.ts';
import type { AdmitBlob, BlobDescription, BlobStore } from './blob-store-api.ts';
import { type Bucket, getBytes, listAll } from './bucket.ts';
import { createQueues } from './queues.ts';
import {
  catchUp,
  newUpload,
  partLengths,
  partsPrefix,
  putPart,
  type R2Upload,
  readPart,
  storedObject,
} from './r2-upload.ts';

/** Files in an object store that many isolates write to at once. The names of the objects are keyed hashes. */
export function createR2Store(options: {
  readonly bucket: Bucket;
  readonly keys: KeyVault;
  readonly admit?: AdmitBlob;
}): BlobStore {
  const { bucket, keys, admit } = options;
  const queues = createQueues();
  /** What this isolate knows; the bucket decides. */
  const uploads = new Map<string, R2Upload>();
  const mostUploadsInMemory = 64;

  const clinicName = (clinic: string): string => keys.blindIndex(clinic, 'blobs clinic').slice(0, 32);
  const storedKey = (clinic: string, sha256: string): string =>
    `stored/${clinicName(clinic)}/${keys.blindIndex(`${clinic}\n${sha256}`, 'blobs name')}`;
  const uploadId = (clinic: string, { sha256, size }: BlobDescription): string =>
    keys.blindIndex(`${clinic}\n${sha256}\n${size}`, 'blobs upload');
  const uploadKey = (clinic: string, id: string): string => `uploads/${clinicName(clinic)}/${id}`;

  async function removeParts(parts: string): Promise<void> {
    const names: string[] = [];
    for await (const { key } of listAll(bucket, parts)) names.push(key);
    // The most that one call takes.
    for (let at = 0; at < names.length; at += 1000) await bucket.delete(names.slice(at, at + 1000));
  }

  async function stored(clinic: string, sha256: string) {
    const object = await getBytes(bucket, storedKey(clinic, sha256));
    if (object === undefined) return undefined;
    const head = readHead(object, keys);
    if (head?.description.sha256 !== sha256 || head.description.clinic !== clinic) {
      throw new AppError('blob.damaged', 'the head of a stored file was altered');
    }
    return { head, object, parts: partsPrefix(clinicName(clinic), head) };
  }

  /** Whether the parts of this head are those of a complete file. */
  async function isStored({ description: { clinic, sha256 }, place }: BlobHead): Promise<boolean> {
    return (await stored(clinic, sha256).catch(() => undefined))?.head.place === place;
  }

  async function discard({ key, head, parts }: R2Upload): Promise<void> {
    uploads.delete(key);
    if (!(await isStored(head))) await removeParts(parts);
    await bucket.delete(key);
  }

  /** @throws AppError `blob.hash-mismatch` */
  async function complete(upload: R2Upload): Promise<void> {
    const { clinic, sha256 } = upload.head.description;
    if (upload.hash.copy().digest('hex') !== sha256) {
      await discard(upload);
      throw new AppError('blob.hash-mismatch', 'the bytes that came have another hash');
    }
    await bucket.put(storedKey(clinic, sha256), storedObject(upload));
    await discard(upload);
  }

  /** Undefined when there is none, or when it has just been completed. */
  async function opened(key: string): Promise<R2Upload | undefined> {
    const headBytes = await getBytes(bucket, key);
    const head = headBytes && readHead(headBytes, keys);
    const known = uploads.get(key);
    uploads.delete(key);
    if (headBytes === undefined || head === undefined) return undefined;
    const upload =
      known?.head.place === head.place ? known : newUpload(key, key.split('/')[1] ?? '', head, headBytes);
    await catchUp(bucket, upload);
    if (upload.offset === upload.size) {
      await complete(upload);
      return undefined;
    }
    uploads.set(key, upload);
    const [oldest] = uploads.keys();
    if (uploads.size > mostUploadsInMemory && oldest !== undefined) uploads.delete(oldest);
    return upload;
  }

  async function expireOne(key: string, sinceMs: number, headAt: Date): Promise<boolean> {
    const headBytes = await getBytes(bucket, key);
    const head = headBytes && readHead(headBytes, keys);
    if (headBytes === undefined) return false;
    if (head === undefined) {
      await bucket.delete(key);
      return true;
    }
    const upload = newUpload(key, key.split('/')[1] ?? '', head, headBytes);
    let touchedMs = headAt.getTime();
    for await (const { uploaded } of listAll(bucket, upload.parts)) {
      touchedMs = Math.max(touchedMs, uploaded.getTime());
    }
    if (touchedMs >= sinceMs) return false;
    await discard(upload);
    return true;
  }

  return {
    async find(clinic, sha256) {
      const { size, type } = (await stored(clinic, sha256))?.head.description ?? {};
      return size === undefined || type === undefined ? undefined : { sha256, size, type };
    },
    async begin(clinic, blob) {
      const id = uploadId(clinic, blob);
      const key = uploadKey(clinic, id);
      return queues.run(key, async () => {
        const underWay = await opened(key);
        if (underWay !== undefined) return { kind: 'upload', ...blob, id, offset: underWay.offset };
        if ((await stored(clinic, blob.sha256).catch(() => undefined)) !== undefined)
          return { kind: 'stored' };
        await admit?.(clinic, blob.size);
        const { sha256, size, type } = blob;
        const { bytes } = newHead({ clinic, sha256, size, type }, keys);
        // Another isolate's head stays; this one then goes on with that.
        await bucket.put(key, bytes, { onlyIf: { etagDoesNotMatch: '*' } });
        return { kind: 'upload', ...blob, id, offset: (await opened(key))?.offset ?? 0 };
      });
    },
    async upload(clinic, id) {
      if (!isUploadId(id)) return undefined;
      const key = uploadKey(clinic, id);
      return queues.run(key, async () => {
        const upload = await opened(key);
        if (upload === undefined) return undefined;
        const { sha256, size, type } = upload.head.description;
        return { sha256, size, type, id, offset: upload.offset };
      });
    },
    async append(clinic, id, offset, bytes) {
      const key = uploadKey(clinic, id);
      return queues.run(key, async () => {
        const known = uploads.get(key);
        // The bucket is asked first only where this isolate cannot know: a wrong guess is refused by the conditional put.
        const found = known?.offset === offset ? known : isUploadId(id) ? await opened(key) : undefined;
        const upload = checkAppend(found, offset, bytes.length);
        try {
          await putPart(bucket, upload, bytes);
        } catch (thrown) {
          uploads.delete(key);
          throw thrown;
        }
        if (upload.offset === upload.size) await complete(upload);
        return upload.offset;
      });
    },
    async *read(clinic, sha256, from, to) {
      const found = await stored(clinic, sha256);
      if (found === undefined) throw new AppError('blob.unknown', 'there is no such file in this clinic');
      const { head, object, parts } = found;
      let offset = 0;
      for (const length of partLengths(head, object)) {
        const [first, last] = [Math.max(0, from - offset), Math.min(length, to - offset)];
        if (first < last) {
          const part = await readPart(bucket, head, parts, offset, length);
          if (part === undefined) throw new AppError('blob.damaged', `the part at ${offset} was altered`);
          yield part.subarray(first, last);
        }
        offset += length;
      }
    },
    async remove(clinic, sha256) {
      const found = await stored(clinic, sha256);
      if (found === undefined) return;
      await bucket.delete(storedKey(clinic, sha256));
      await removeParts(found.parts);
    },
    async expire(sinceMs) {
      let expired = 0;
      for await (const { key, uploaded } of listAll(bucket, 'uploads/')) {
        if (await queues.run(key, () => expireOne(key, sinceMs, uploaded))) expired += 1;
      }
      return expired;
    },
    async rewrap(beforeEach) {
      const counts = { files: 0, rewrapped: 0, closed: 0 };
      for (const prefix of ['uploads/', 'stored/']) {
        for await (const { key } of listAll(bucket, prefix)) {
          beforeEach?.();
          const object = await getBytes(bucket, key);
          const writes = object && rewrapWrites(object, keys);
          if (writes !== undefined) counts.files += 1;
          else if (object !== undefined && prefix === 'stored/') counts.closed += 1;
          if (object === undefined || writes === undefined || writes.length === 0) continue;
          for (const { at, bytes } of writes) object.set(bytes, at);
          await bucket.put(key, object);
          counts.rewrapped += 1;
        }
      }
      return counts;
    },
  };
}
