import { join, resolve } from 'node:path';
import { AppError } from '../../shared/kernel/errors.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import { mostHeadBytes, newHead, pieceBytes, rewrapWrites } from './blob-file.ts';
import { checkAppend, isUploadId } from './append-check.ts';
import type { AdmitBlob, BlobBeginning, BlobDescription, BlobStore } from './blob-store-api.ts';
import { type BlobFiles, diskFiles } from './disk-files.ts';
import { appendTo, type DiskUpload, readHeadOf, readPiece, recoverUpload, tailOf } from './disk-upload.ts';
import { createQueues } from './queues.ts';
import { createRecentPieces } from './recent-pieces.ts';

export interface DiskStoreOptions {
  /** Of the store alone. */
  readonly folder: string;
  readonly keys: KeyVault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly admit?: AdmitBlob;
  readonly files?: BlobFiles;
}

/** Uploads whose state is kept in memory; one that was forgotten is read again from the disk. */
const mostUploadsInMemory = 256;
/** Of 1 MiB each. */
const mostRecentPieces = 4;

/** Files on a disk that this process alone writes to. Names on disk are keyed hashes. */
export function createDiskStore(options: DiskStoreOptions): BlobStore {
  const { keys, now, admit, files = diskFiles() } = options;
  const folder = resolve(options.folder);
  const queues = createQueues();
  const uploads = new Map<string, DiskUpload>();
  const recent = createRecentPieces(mostRecentPieces);
  /** Stored files of which a piece was found altered. */
  const damaged = new Set<string>();

  const clinicFolder = (clinic: string): string =>
    join(folder, keys.blindIndex(clinic, 'blobs clinic').slice(0, 32));
  const storedPath = (clinic: string, sha256: string): string => {
    const name = keys.blindIndex(`${clinic}\n${sha256}`, 'blobs name');
    return join(clinicFolder(clinic), name.slice(0, 2), name);
  };
  // With the size, so that nobody who announces a wrong one is in another's way.
  const uploadId = (clinic: string, { sha256, size }: BlobDescription): string =>
    keys.blindIndex(`${clinic}\n${sha256}\n${size}`, 'blobs upload');
  const uploadPath = (clinic: string, id: string): string => join(clinicFolder(clinic), 'uploads', id);

  async function discard(path: string): Promise<void> {
    uploads.delete(path);
    await files.remove(path);
    await files.remove(tailOf(path));
  }

  /** Its last byte has come. @throws AppError `blob.hash-mismatch` */
  async function complete({ head, path, hash }: DiskUpload): Promise<void> {
    const { clinic, sha256 } = head.description;
    if (hash.copy().digest('hex') !== sha256) {
      await discard(path);
      throw new AppError('blob.hash-mismatch', 'the bytes that came have another hash');
    }
    await files.rename(path, storedPath(clinic, sha256));
    damaged.delete(storedPath(clinic, sha256));
    await discard(path);
  }

  async function opened(path: string): Promise<DiskUpload | undefined> {
    const upload = uploads.get(path) ?? (await recoverUpload(files, path, keys));
    uploads.delete(path);
    if (upload === undefined) return undefined;
    if (upload.offset === upload.size) {
      // Whoever died after the last byte had no time to give it its name.
      await complete(upload);
      return undefined;
    }
    uploads.set(path, upload);
    const [oldest] = uploads.keys();
    if (uploads.size > mostUploadsInMemory && oldest !== undefined) uploads.delete(oldest);
    return upload;
  }

  async function storedHead(clinic: string, sha256: string) {
    const path = storedPath(clinic, sha256);
    const head = await readHeadOf(files, path, keys);
    if (head?.description.sha256 === sha256 && head.description.clinic === clinic) return { head, path };
    if (head === undefined && (await files.touchedMs(path)) === undefined) return undefined;
    throw new AppError('blob.damaged', 'the head of a stored file was altered');
  }

  async function find(clinic: string, sha256: string): Promise<BlobDescription | undefined> {
    const stored = await storedHead(clinic, sha256);
    if (stored === undefined) return undefined;
    const { size, type } = stored.head.description;
    return { sha256, size, type };
  }

  /** A damaged one is replaced by the one that comes. */
  async function isStoredWell(clinic: string, sha256: string): Promise<boolean> {
    if (damaged.has(storedPath(clinic, sha256))) return false;
    try {
      return (await find(clinic, sha256)) !== undefined;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'blob.damaged') return false;
      throw thrown;
    }
  }

  async function begin(clinic: string, blob: BlobDescription): Promise<BlobBeginning> {
    const id = uploadId(clinic, blob);
    const path = uploadPath(clinic, id);
    return queues.run(path, async () => {
      const underWay = await opened(path);
      if (underWay !== undefined) return { kind: 'upload', ...blob, id, offset: underWay.offset };
      if (await isStoredWell(clinic, blob.sha256)) return { kind: 'stored' };
      await admit?.(clinic, blob.size);
      const { sha256, size, type } = blob;
      await files.create(path, newHead({ clinic, sha256, size, type }, keys).bytes);
      await files.touch(path, now());
      return { kind: 'upload', ...blob, id, offset: 0 };
    });
  }

  async function* read(clinic: string, sha256: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    const stored = await storedHead(clinic, sha256);
    if (stored === undefined) throw new AppError('blob.unknown', 'there is no such file in this clinic');
    const end = Math.min(to, stored.head.description.size);
    for (let at = from; at < end;) {
      const index = Math.floor(at / pieceBytes);
      // The place is that of one file: what replaces it has another.
      const piece = await recent.get(`${stored.head.place}\n${index}`, () =>
        readPiece(files, stored.path, stored.head, index),
      );
      if (piece === undefined) {
        damaged.add(stored.path);
        throw new AppError('blob.damaged', `piece ${index} of a stored file was altered`);
      }
      const start = index * pieceBytes;
      yield piece.subarray(at - start, end - start);
      at = start + piece.length;
    }
  }

  async function allPaths(): Promise<{
    readonly stored: readonly string[];
    readonly uploads: readonly string[];
  }> {
    const clinics = await files.list(folder);
    const groups = (await Promise.all(clinics.map((clinic) => files.list(clinic)))).flat();
    const isUploads = (path: string): boolean => path.endsWith('uploads');
    const listed = async (folders: string[]) =>
      (await Promise.all(folders.map((path) => files.list(path)))).flat();
    return {
      stored: await listed(groups.filter((path) => !isUploads(path))),
      uploads: [
        ...new Set((await listed(groups.filter(isUploads))).map((path) => path.replace(/\.tail$/, ''))),
      ],
    };
  }

  return {
    find,
    begin,
    async upload(clinic, id) {
      if (!isUploadId(id)) return undefined;
      const path = uploadPath(clinic, id);
      return queues.run(path, async () => {
        const upload = await opened(path);
        if (upload === undefined) return undefined;
        const { sha256, size, type } = upload.head.description;
        return { sha256, size, type, id, offset: upload.offset };
      });
    },
    async append(clinic, id, offset, bytes) {
      const path = uploadPath(clinic, id);
      return queues.run(path, async () => {
        const found = isUploadId(id) ? await opened(path) : undefined;
        const upload = checkAppend(found, offset, bytes.length);
        try {
          await appendTo(files, upload, bytes);
          await files.touch(path, now());
        } catch (thrown) {
          uploads.delete(path);
          throw thrown;
        }
        if (upload.offset === upload.size) await complete(upload);
        return upload.offset;
      });
    },
    read,
    remove: (clinic, sha256) => files.remove(storedPath(clinic, sha256)),
    async expire(sinceMs) {
      let expired = 0;
      for (const path of (await allPaths()).uploads) {
        await queues.run(path, async () => {
          const touchedMs = await files.touchedMs(path);
          if (touchedMs !== undefined && touchedMs >= sinceMs) return;
          // Without a file there is a tail, whose file got its name before the power failed.
          await discard(path);
          if (touchedMs !== undefined) expired += 1;
        });
      }
      return expired;
    },
    async rewrap(beforeEach) {
      const all = await allPaths();
      const counts = { files: 0, rewrapped: 0, closed: 0 };
      for (const path of [...all.uploads, ...all.stored]) {
        beforeEach?.();
        await queues.run(path, async () => {
          const bytes = await files.read(path, 0, mostHeadBytes);
          const writes = bytes && rewrapWrites(bytes, keys);
          for (const { at, bytes: wrapped } of writes ?? []) await files.overwrite(path, at, wrapped);
          if (writes !== undefined) counts.files += 1;
          // An upload without a head is one that never began.
          else if (bytes !== undefined && all.stored.includes(path)) counts.closed += 1;
          if (writes !== undefined && writes.length > 0) counts.rewrapped += 1;
        });
      }
      return counts;
    },
  };
}
