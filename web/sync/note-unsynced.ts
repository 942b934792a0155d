import type { DeviceTables } from '../../shared/log/device-tables.ts';
import {
  type LossSummary,
  missingOf,
  mostNamed,
  type NamedEntry,
  noteUnsynced,
  type Unsynced,
} from '../../shared/log/ledger.ts';
import type { UnsyncedNames } from '../data/unsynced-names.ts';

/** How many entries are read at once. */
const atOnce = 500;

export interface NotedStore {
  readonly tables: Pick<DeviceTables, 'state' | 'entries' | 'chain'>;
  readonly unsyncedNames: () => Promise<UnsyncedNames>;
}

/** Looks at a store again and again; what it knows of an entry it does not read again. */
export function unsyncedNoter(
  { tables, unsyncedNames }: NotedStore,
  now: () => number,
): () => Promise<Unsynced> {
  let known = new Map<string, { readonly named: NamedEntry; readonly device: string }>();

  async function learn(names: readonly string[]): Promise<void> {
    const fresh = names.filter((h) => !known.has(h));
    for (let start = 0; start < fresh.length; start += atOnce) {
      for (const { h, entry } of await tables.entries(fresh.slice(start, start + atOnce))) {
        known.set(h, { named: [h, entry.n, entry.ts[0], entry.kind], device: entry.device });
      }
    }
    if (known.size > names.length) {
      const still = new Set(names);
      known = new Map([...known].filter(([h]) => still.has(h)));
    }
  }

  return async () => {
    const at = now();
    const { version, names, pictures, sizes } = await unsyncedNames();
    await learn(names);
    const { device } = (await tables.state()).state.identity;
    const kinds: Record<string, number> = {};
    for (const { named } of known.values()) kinds[named[3]] = (kinds[named[3]] ?? 0) + 1;
    const oldest = known.get(names[0] ?? '');
    const newest = names.slice(-mostNamed).flatMap((h) => known.get(h) ?? []);
    return noteUnsynced(
      {
        device,
        version,
        at,
        count: names.length,
        pictures,
        sizes,
        ...(oldest !== undefined && { oldest: oldest.named }),
        ...(oldest?.device === device && { from: oldest.named[1] }),
      },
      kinds,
      newest.map(({ named }) => named),
    );
  };
}

/** What of a loss is not here: neither did it stay, nor has the hub had it, nor has another device brought it. */
export async function stillMissing(
  lost: Unsynced,
  tables: Pick<DeviceTables, 'entries' | 'chain'>,
): Promise<LossSummary> {
  const held = new Set((await tables.entries(lost.names.map(([h]) => h))).map(({ h }) => h));
  return missingOf(lost, held, await returnedWithoutName(lost, tables));
}

/** By the chain: those between its oldest and the first that has a name in the ledger. */
async function returnedWithoutName(
  { device, from, count, names }: Unsynced,
  tables: Pick<DeviceTables, 'chain'>,
): Promise<number> {
  const until = names.find(([, n]) => from !== undefined && n >= from)?.[1];
  if (from === undefined || until === undefined || count <= names.length) return 0;
  let returned = 0;
  for (let next = from; next < until;) {
    const page = await tables.chain(device, next, atOnce);
    returned += page.filter(({ entry }) => entry.n < until).length;
    if (page.length < atOnce) break;
    next = page.at(-1)!.entry.n + 1;
  }
  return returned;
}
