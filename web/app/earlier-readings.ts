import { AppError } from '../../shared/kernel/errors.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { DeskApi } from '../engine/desk-api.ts';

/** What was read on this device before anybody signed in: it lies there in clear, and is nobody's record. */
export interface EarlierReadings {
  count(): Promise<number>;
  /** Seals each and makes a record of it. Ended in between, it is simply done again. @throws AppError `storage.*`, `vault.locked` */
  takeOver(): Promise<void>;
  remove(): Promise<void>;
}

export function earlierReadings(
  kept: ReadingStore,
  desk: Pick<DeskApi, 'reading' | 'addReadings' | 'finishReading' | 'keepThumbnail'>,
): EarlierReadings {
  async function takeOne(id: string): Promise<void> {
    const [held, file, thumbnail] = await Promise.all([kept.get(id), kept.file(id), kept.thumbnail(id)]);
    if (held === undefined) return;
    const { reading, outcome } = held;
    if ((await desk.reading(id)) === undefined) {
      const waiting = { ...reading, state: 'waiting' as const, attempts: 0 };
      await desk.addReadings([{ reading: waiting, file: file ?? new ArrayBuffer() }]);
    }
    if (outcome !== undefined) await desk.finishReading(id, outcome);
    if (thumbnail !== undefined) await desk.keepThumbnail(id, thumbnail);
    const taken = await desk.reading(id);
    if (taken === undefined) throw new AppError('storage.unavailable', `${id} was not taken over`);
    await kept.remove([id]);
  }

  return {
    count: async () => (await kept.list()).length,
    async takeOver() {
      for (const { id } of (await kept.list()).toReversed()) await takeOne(id);
    },
    remove: async () => kept.remove((await kept.list()).map(({ id }) => id)),
  };
}
