import { Dexie, type Table } from 'dexie';
import type { GradientCache } from '../../shared/model/gradient-cache.ts';

/** Each may be as large as the model that it belongs to. */
const mostGradients = 8;

interface GradientRow {
  readonly key: string;
  /** No Blob: Safari has lost those (dexie#1419). */
  readonly bytes: ArrayBuffer;
  readonly keptAt: number;
}

export const gradientDatabaseName = 'fieldray-gradients';

/** Compiled gradients on this device; a database of its own, which may be lost or thrown away at no loss. */
export function openGradientStore(): GradientCache {
  const database = new Dexie(gradientDatabaseName);
  database.version(1).stores({ gradients: 'key, keptAt' });
  const gradients: Table<GradientRow, string> = database.table('gradients');
  return {
    async get(key) {
      const row = await gradients.get(key).catch(() => undefined);
      return row && new Uint8Array(row.bytes);
    },
    async put(key, bytes) {
      try {
        await gradients.put({ key, bytes: bytes.slice().buffer, keptAt: Date.now() });
        // oxlint-disable-next-line unicorn/no-array-reverse -- the order of a query
        const oldest = await gradients.orderBy('keptAt').reverse().offset(mostGradients).primaryKeys();
        await gradients.bulkDelete(oldest);
      } catch {
        // No room: it is compiled again next time.
      }
    },
  };
}
