import type { DeviceStore, HeldEntry } from '../device-store.ts';
import { isHeadOf, type SignedHead } from '../entry.ts';
import { mostInGroup } from './bundle-records.ts';

/** A part of one chain, parents first, that its head covers. */
export interface Stretch {
  readonly entries: readonly HeldEntry[];
  readonly head: SignedHead;
}

const pageSize = 500;

/**
 * All that a device holds as stretches, chain by chain and parents before children; those without a wanted entry are left out.
 * What no head covers belongs to another device and is still on its way here.
 */
export async function* chainStretches(
  store: Pick<DeviceStore, 'held' | 'heads'>,
  isWanted: (entry: HeldEntry) => boolean,
): AsyncGenerator<Stretch> {
  let device: string | undefined;
  const open = new Map<string, HeldEntry>();
  let after: { device: string; n: number } | null = null;
  for (;;) {
    const page: readonly HeldEntry[] = await store.held(after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    after = { device: last.entry.device, n: last.entry.n };
    const byHash = new Map(page.map((held) => [held.h, held.entry]));
    const found = await store.heads([...byHash.keys()]);
    const heads = new Map(
      found.filter((head) => isHeadOf(head, byHash.get(head.h))).map((head) => [head.h, head]),
    );
    for (const held of page) {
      // A stretch that is longer than anything that was ever sent will not get a head any more.
      if (held.entry.device !== device || open.size >= 2 * mostInGroup) open.clear();
      ({ device } = held.entry);
      open.set(held.h, held);
      const head = heads.get(held.h);
      if (head === undefined) continue;
      const entries = upTo(held, open);
      if (entries.some(isWanted)) yield { entries, head };
    }
  }
}

/** Takes out an entry and what it stands on: both sides of a fork are open at once. */
function upTo(end: HeldEntry, open: Map<string, HeldEntry>): HeldEntry[] {
  const entries: HeldEntry[] = [];
  for (let at: HeldEntry | undefined = end; at !== undefined; at = open.get(at.entry.prev ?? '')) {
    entries.unshift(at);
    open.delete(at.h);
  }
  return entries;
}
