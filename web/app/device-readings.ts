import { AppError } from '../../shared/kernel/errors.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { Observable } from '../engine/observable.ts';
import type { RecordsClient } from '../engine/records-client.ts';

export interface DeviceReadingsDeps {
  /** In clear. */
  readonly kept: ReadingStore;
  /** Sealed. */
  readonly recorded: ReadingStore;
  readonly status: RecordsClient['status'];
  readonly failed: Observable<boolean>;
}

/**
 * Where this device keeps readings: in clear until somebody has signed in on it, and from then on sealed.
 * @throws AppError from each method also `vault.locked`, and `storage.unavailable` where it cannot be known which it is
 */
export function deviceReadings({ kept, recorded, status, failed }: DeviceReadingsDeps): ReadingStore {
  /** Nothing is put in clear as long as there may be a vault. */
  async function current(): Promise<ReadingStore> {
    const { vault } = await known();
    return vault === 'none' ? kept : recorded;
  }

  function known(): Promise<NonNullable<ReturnType<typeof status.getSnapshot>>> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const now = status.getSnapshot();
        if (now === undefined && !failed.getSnapshot()) return;
        for (const end of endings) end();
        if (now !== undefined) resolve(now);
        else reject(new AppError('storage.unavailable', 'the records cannot be asked'));
      };
      const endings = [status.subscribe(look), failed.subscribe(look)];
      look();
    });
  }

  return {
    list: async () => (await current()).list(),
    get: async (id) => (await current()).get(id),
    file: async (id) => (await current()).file(id),
    thumbnail: async (id) => (await current()).thumbnail(id),
    add: async (batch) => (await current()).add(batch),
    takeNext: async (except) => (await current()).takeNext(except),
    finish: async (id, outcome) => (await current()).finish(id, outcome),
    keepExplanation: async (id, of, explanation) => (await current()).keepExplanation(id, of, explanation),
    keepThumbnail: async (id, png) => (await current()).keepThumbnail(id, png),
    readAgain: async (id) => (await current()).readAgain(id),
    remove: async (ids) => (await current()).remove(ids),
  };
}
