import type { Database } from '../database.ts';
import type { TakenEntry } from './check-push.ts';
import { readSiblings } from './held-entries.ts';

/** Children of one parent: the device was copied, or restored from a copy. */
export interface Fork {
  readonly device: string;
  readonly n: number;
  /** Sorted. */
  readonly hs: readonly string[];
}

/** Most children of one parent that are named. */
const mostChildren = 64;

/**
 * The forks that these new entries make, with what is held already and with each other.
 * @param justWritten children by their parent that may not be found yet
 */
export async function findForks(
  database: Database,
  tree: number,
  entries: readonly TakenEntry[],
  justWritten: ReadonlyMap<string, readonly string[]>,
): Promise<Fork[]> {
  const added = new Set(entries.map(({ h }) => h));
  // What is new has no children yet but those in this group.
  const behindHeld = entries.filter(({ entry }) => entry.prev === null || !added.has(entry.prev));
  const children = await readSiblings(
    database,
    tree,
    behindHeld.map(({ entry }) => entry),
  );
  const forks = new Map<string, Fork>();
  for (const { h, entry } of entries) {
    const parent = entry.prev ?? entry.device;
    const hs = [...new Set([...(children.get(parent) ?? []), ...(justWritten.get(parent) ?? []), h])].sort();
    children.set(parent, hs);
    if (hs.length > 1) {
      forks.set(parent, { device: entry.device, n: entry.n, hs: hs.slice(0, mostChildren) });
    }
  }
  return [...forks.values()];
}
