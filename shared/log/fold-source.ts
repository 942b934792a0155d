import type { DeviceTables } from './device-tables.ts';
import type { FoldSource } from './fold/fold-page.ts';

/** The tables of a device as a fold reads them. */
export function foldSource(tables: DeviceTables): FoldSource {
  return {
    rows: (refs) => tables.rows(refs),
    steps: async (hs) => {
      const records = await tables.entries(hs);
      const bodies = await tables.bodies(records.flatMap(({ entry }) => entry.bodyHash ?? []));
      const byHash = new Map(bodies.map((body) => [body.bodyHash, body]));
      return records.map(({ h, entry, place, vouched }) => ({
        h,
        entry,
        place,
        vouched,
        body: byHash.get(entry.bodyHash ?? '') ?? null,
      }));
    },
  };
}
