import { AppError } from '../../shared/kernel/errors.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { RecordsClient } from '../engine/records-client.ts';

/** The X-rays of the records worker, as the page keeps readings. */
export function recordedReadings(records: RecordsClient): ReadingStore {
  return {
    list: () => records.readings(),
    get: (id) => records.reading(id),
    file: (id) => records.readingFile(id),
    thumbnail: (id) => records.readingThumbnail(id),
    add: (batch) => records.addReadings(batch),
    takeNext: (except) => records.takeReading([...except]),
    finish: (id, outcome) => records.finishReading(id, outcome),
    keepExplanation: (id, of, explanation) => records.keepExplanation(id, of, explanation),
    keepThumbnail: (id, png) => records.keepThumbnail(id, png),
    readAgain: (id) => records.readAgain(id),
    async remove(ids) {
      for (const id of ids) await records.removeReading(id);
    },
  };
}

export function isLocked(error: unknown): boolean {
  return error instanceof AppError && error.code === 'vault.locked';
}
