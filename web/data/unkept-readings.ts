import { createObservable, type Observable } from '../engine/observable.ts';
import type { Outcome, Reading } from './reading.ts';
import { summaryOf, withExplanation } from './reading-outcome.ts';
import type { ReadingStore } from './reading-store.ts';

interface Entry {
  readonly reading: Reading;
  readonly file: ArrayBuffer;
  readonly outcome?: Outcome;
  readonly thumbnail?: ArrayBuffer;
}

/** Readings that the device has no room for: they live as long as the page. */
export function unkeptReadings(): ReadingStore & { readonly changes: Observable<readonly Reading[]> } {
  const entries = new Map<string, Entry>();
  const changes = createObservable<readonly Reading[]>([]);

  function newestFirst(): Reading[] {
    return Array.from(entries.values(), ({ reading }) => reading).toSorted((a, b) => b.addedAt - a.addedAt);
  }
  function update(id: string, change: (entry: Entry) => Entry): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.set(id, change(entry));
    changes.set(newestFirst());
  }

  return {
    changes,
    list: async () => newestFirst(),
    get: async (id) => entries.get(id),
    file: async (id) => entries.get(id)?.file.slice(),
    thumbnail: async (id) => entries.get(id)?.thumbnail,
    async add(batch) {
      for (const { reading, file } of batch) entries.set(reading.id, { reading, file });
      changes.set(newestFirst());
    },
    async takeNext() {
      const next = newestFirst().find(({ state }) => state === 'waiting');
      if (next === undefined) return undefined;
      const taken: Reading = { ...next, state: 'reading', attempts: next.attempts + 1 };
      update(next.id, (entry) => ({ ...entry, reading: taken }));
      return taken;
    },
    async finish(id, outcome) {
      update(id, (entry) => ({ ...entry, outcome, reading: { ...entry.reading, ...summaryOf(outcome) } }));
    },
    async keepExplanation(id, of, explanation) {
      update(id, (entry) =>
        entry.outcome === undefined
          ? entry
          : { ...entry, outcome: withExplanation(entry.outcome, of, explanation) },
      );
    },
    async keepThumbnail(id, thumbnail) {
      update(id, (entry) => ({ ...entry, thumbnail }));
    },
    async readAgain(id) {
      update(id, ({ reading, file, thumbnail }) => {
        const { problem: _, ...rest } = reading;
        const waiting: Reading = { ...rest, state: 'waiting', attempts: 0, findings: [] };
        return { reading: waiting, file, ...(thumbnail && { thumbnail }) };
      });
    },
    async remove(ids) {
      for (const id of ids) entries.delete(id);
      changes.set(newestFirst());
    },
  };
}
