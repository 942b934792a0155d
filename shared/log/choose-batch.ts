import type { DeviceStore, OutboxItem } from './device-store.ts';
import { isHeadOf, type SignedHead } from './entry.ts';
import { mostEntries } from './exchange.ts';

export interface Batch {
  readonly items: readonly OutboxItem[];
  /** Together they cover every item. */
  readonly heads: readonly SignedHead[];
}

export interface BatchLimits {
  readonly entries: number;
  /** Of bodies, in UTF-16 units: close enough to bytes to stay far below what a hub takes. */
  readonly bodyLength: number;
}

/** Forks of one stretch of a chain that are looked through for its head. */
const mostForks = 4;

/**
 * What to send next. A hub takes a chain up to a signed head and no further, so of each chain only what a head covers is
 * sent; what follows waits for the batch that has its head. Undefined when the outbox is empty; without items when no head
 * is held of anything in it: a page that is on its way brings them.
 */
export async function chooseBatch(
  store: Pick<DeviceStore, 'outbox' | 'chain' | 'heads'>,
  limits: BatchLimits,
): Promise<Batch | undefined> {
  const oldest = within(await store.outbox(limits.entries), limits);
  const [first] = oldest;
  if (first === undefined) return undefined;
  const mixed = await covered(store, oldest);
  if (mixed.items.includes(first)) return mixed;
  // Its head lies behind more entries than fit, or over one that has left the outbox: then that stretch goes alone, however
  // long it is, for a part of it would be refused for good.
  return (await upToHead(store, first)) ?? mixed;
}

/** An entry and what follows it up to the nearest head, in the outbox or not. */
async function upToHead(
  store: Pick<DeviceStore, 'chain' | 'heads'>,
  first: OutboxItem,
): Promise<Batch | undefined> {
  const { device, n } = first.entry;
  const chain = await store.chain(device, n, mostForks * mostEntries);
  const byHash = new Map(chain.map((item) => [item.h, item]));
  const held = await store.heads([...byHash.keys()]);
  const heads = held.filter((head) => isHeadOf(head, byHash.get(head.h)?.entry));
  for (const head of heads.sort((a, b) => a.n - b.n)) {
    const items: OutboxItem[] = [];
    for (let at = byHash.get(head.h); at !== undefined; at = byHash.get(at.entry.prev ?? ''))
      items.unshift(at);
    if (items[0]?.h === first.h) return { items, heads: [head] };
  }
  return undefined;
}

function within(items: readonly OutboxItem[], { bodyLength }: BatchLimits): OutboxItem[] {
  let length = 0;
  const end = items.findIndex(({ body }, index) => {
    length += body?.text.length ?? 0;
    return index > 0 && length > bodyLength;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

async function covered(store: Pick<DeviceStore, 'heads'>, items: readonly OutboxItem[]): Promise<Batch> {
  const byHash = new Map(items.map((item) => [item.h, item]));
  const held = await store.heads([...byHash.keys()]);
  const heads = held.filter((head) => isHeadOf(head, byHash.get(head.h)?.entry));
  const reached = new Set<string>();
  const needed: SignedHead[] = [];
  // From the furthest, so that a head within reach of another is left out.
  for (const head of heads.sort((a, b) => b.n - a.n)) {
    if (reached.has(head.h)) continue;
    needed.push(head);
    for (let at = byHash.get(head.h); at !== undefined && !reached.has(at.h);) {
      reached.add(at.h);
      at = byHash.get(at.entry.prev ?? '');
    }
  }
  return { items: items.filter(({ h }) => reached.has(h)), heads: needed };
}
