import type { Database } from './database.ts';
import type { Reading } from './reading.ts';
import { summaryOf, withExplanation } from './reading-outcome.ts';
import type { ReadingStore } from './reading-store.ts';
import { storageError } from './stored-failure.ts';

/** Readings on this device. Each change is one transaction: after a power loss it has happened or it has not. */
export function keptReadings(database: Database): ReadingStore {
  const { readings, files, outcomes, thumbnails } = database;

  async function translated<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      throw storageError(cause);
    }
  }
  const change = <Result>(work: () => Promise<Result>): Promise<Result> =>
    translated(database.transaction(work));
  const passing: Database['passing'] = (work) => translated(database.passing(work));

  return {
    list: async () => (await readings.orderBy('addedAt').toArray()).toReversed(),
    async get(id) {
      const [reading, outcome] = await Promise.all([readings.get(id), outcomes.get(id)]);
      return reading && { reading, ...(outcome && { outcome }) };
    },
    file: (id) => files.get(id),
    thumbnail: (id) => thumbnails.get(id),
    add: (batch) =>
      change(async () => {
        for (const { reading, file } of batch) {
          await readings.add(reading);
          await files.add(file, reading.id);
        }
      }),
    takeNext: (except) =>
      passing(async (tables) => {
        const newest = (state: Reading['state']) =>
          inState(tables.readings, state)
            .filter(({ id }) => !except.has(id))
            .last();
        const [waiting, leftBehind] = [await newest('waiting'), await newest('reading')];
        const next =
          (waiting?.addedAt ?? -Infinity) > (leftBehind?.addedAt ?? -Infinity) ? waiting : leftBehind;
        if (next === undefined) return undefined;
        const taken: Reading = { ...next, state: 'reading', attempts: next.attempts + 1 };
        await tables.readings.put(taken);
        return taken;
      }),
    finish: (id, outcome) =>
      change(async () => {
        const changed = await readings.update(id, { ...summaryOf(outcome) });
        if (changed > 0) await outcomes.put(outcome, id);
      }),
    keepExplanation: (id, of, explanation) =>
      change(async () => {
        const outcome = await outcomes.get(id);
        if (outcome !== undefined) await outcomes.put(withExplanation(outcome, of, explanation), id);
      }),
    keepThumbnail: (id, png) =>
      passing(async (tables) => {
        if ((await tables.readings.get(id)) !== undefined) await tables.thumbnails.put(png, id);
      }),
    readAgain: (id) =>
      change(async () => {
        await readings.update(id, { state: 'waiting', attempts: 0, findings: [], problem: undefined });
        await outcomes.delete(id);
      }),
    remove: (ids) =>
      change(async () => {
        for (const table of [readings, files, outcomes, thumbnails]) await table.bulkDelete([...ids]);
      }),
  };
}

function inState(readings: Database['readings'], state: Reading['state']) {
  return readings.where('[state+addedAt]').between([state, -Infinity], [state, Infinity]);
}
