import type { TakenEntry } from './check-push.ts';

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
 * @param held lists of children by their parent
 */
export function findForks(
  entries: readonly TakenEntry[],
  ...held: readonly ReadonlyMap<string, readonly string[]>[]
): Fork[] {
  const forks = new Map<string, Fork>();
  const children = new Map<string, readonly string[]>();
  for (const { h, entry } of entries) {
    const parent = entry.prev ?? entry.device;
    const known = children.get(parent) ?? held.flatMap((lists) => lists.get(parent) ?? []);
    const hs = known.length === 0 ? [h] : [...new Set([...known, h])].sort();
    children.set(parent, hs);
    if (hs.length > 1) {
      forks.set(parent, { device: entry.device, n: entry.n, hs: hs.slice(0, mostChildren) });
    }
  }
  return [...forks.values()];
}
