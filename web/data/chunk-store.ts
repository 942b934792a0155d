import { Dexie, type Table } from 'dexie';
import { storageError } from './stored-failure.ts';

/** Where fetched chunks are kept. A database apart from the person's own: it may be lost or thrown away at no loss. */
export interface ChunkStore {
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** @throws AppError `storage.full`, `storage.unavailable` */
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(sha256: string): Promise<void>;
  /** Forgets what no file of this version of the page needs. */
  keepOnly(sha256s: ReadonlySet<string>): Promise<void>;
}

interface ChunkRow {
  readonly sha256: string;
  /** No Blob: Safari has lost those (dexie#1419). */
  readonly bytes: ArrayBuffer;
}

export const chunkDatabaseName = 'fieldray-weights';

export function openChunkStore(): ChunkStore {
  const database = new Dexie(chunkDatabaseName);
  database.version(1).stores({ chunks: 'sha256' });
  const chunks: Table<ChunkRow, string> = database.table('chunks');

  return {
    async get(sha256) {
      try {
        const row = await chunks.get(sha256);
        return row && new Uint8Array(row.bytes);
      } catch {
        // A store that cannot be read holds nothing; the chunk is fetched.
        return undefined;
      }
    },
    async put(sha256, bytes) {
      // A view of a larger buffer would be stored with the whole of it.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
      try {
        await chunks.put({ sha256, bytes: own });
      } catch (cause) {
        throw storageError(cause);
      }
    },
    async remove(sha256) {
      await chunks.delete(sha256).catch(() => undefined);
    },
    async keepOnly(sha256s) {
      const stored = await chunks
        .toCollection()
        .primaryKeys()
        .catch(() => []);
      await chunks.bulkDelete(stored.filter((sha256) => !sha256s.has(sha256))).catch(() => undefined);
    },
  };
}
