import { errorEntry, isErrorCode } from '../kernel/errors.ts';
import { checkReceipt } from './check-checkpoint.ts';
import { isLater } from './checkpoint.ts';
import { chooseBatch, type Batch } from './choose-batch.ts';
import type { BrokenChain, DeviceStore } from './device-store.ts';
import { mostEntries, type PushAnswer, syncProtocol } from './exchange.ts';
import type { LogCrypto } from './log-crypto.ts';
import type { SyncTransport } from './sync-transport.ts';

export interface PushOutcome {
  /** How many the hub confirmed by a receipt. */
  readonly delivered: number;
  readonly setAside: number;
  /** How many were put back because the hub turned out to lack them. */
  readonly requeued: number;
  /** Nothing came of it, and the outbox is not empty. */
  readonly isStuck: boolean;
  /** The hub has another order than the device, which has to take that first. */
  readonly newEpoch: boolean;
}

export const nothingDone: PushOutcome = {
  delivered: 0,
  setAside: 0,
  requeued: 0,
  isStuck: false,
  newEpoch: false,
};

export interface PushParts {
  readonly store: DeviceStore;
  readonly transport: SyncTransport;
  readonly crypto: LogCrypto;
}

/** Of bodies in one push, in UTF-16 units; a hub takes 8 MiB in all. */
const bodyLength = 2 * 1024 * 1024;
/** How far behind a missing parent its own are sent along; the hub knows best where it stops lacking them. */
const mostAncestors = 500;

/** Sends one batch. Undefined when the outbox is empty. @param most fewer than usual after a refusal for size */
export async function pushOnce(parts: PushParts, most = mostEntries): Promise<PushOutcome | undefined> {
  const { store, transport, crypto } = parts;
  const { identity, epoch, verified, pledged } = await store.state();
  const batch = await chooseBatch(store, { entries: most, bodyLength });
  if (batch === undefined) return undefined;
  if (batch.items.length === 0) return { ...nothingDone, isStuck: true };
  const answer = await transport.push({
    protocol: syncProtocol,
    epoch,
    entries: batch.items.map(({ entry }) => entry),
    heads: [...batch.heads],
    bodies: batch.items.flatMap(({ body }) => body ?? []),
    verified: pledged !== null && isLater(pledged, verified) ? pledged : verified,
  });
  const delivered = await acknowledge(
    answer,
    batch,
    () => checkReceipt(answer.receipt!, identity, crypto),
    store,
  );
  const setAside = await putAside(answer, batch, store);
  const requeued = await sendParents(answer, store);
  const own = answer.forks.find(({ device }) => device === identity.device);
  if (own !== undefined) await store.markBroken({ why: 'forked', n: own.n, hs: own.hs });
  const isStuck = delivered + setAside + requeued === 0;
  return { delivered, setAside, requeued, isStuck, newEpoch: epoch !== null && answer.epoch !== epoch };
}

/** Only what a receipt of the pinned key names is delivered, whatever else the answer says. */
async function acknowledge(
  { receipt }: PushAnswer,
  { items }: Batch,
  check: () => Promise<void>,
  store: DeviceStore,
): Promise<number> {
  if (receipt === undefined) return 0;
  await check();
  await store.acknowledge(receipt);
  const named = new Set(receipt.placements.map(({ h }) => h));
  return items.filter(({ h }) => named.has(h)).length;
}

async function putAside(answer: PushAnswer, { items }: Batch, store: DeviceStore): Promise<number> {
  const sent = new Map(items.map((item) => [item.h, item.entry]));
  const refused = new Map(
    answer.rejected
      .filter(({ h, code }) => sent.has(h) && !(isErrorCode(code) && errorEntry(code).retry))
      .map(({ h, code }) => [h, code]),
  );
  const behind = await behindRefused(answer, items, refused, store);
  for (const h of behind) refused.set(h, 'log.missing-parent');
  if (refused.size === 0) return 0;
  const { identity } = await store.state();
  const own = [...refused.keys()].filter((h) => sent.get(h)!.device === identity.device);
  // First: an own entry that is out of the outbox while the chain goes on would leave the rest without a parent for ever.
  if (own.length > 0) await store.markBroken(brokenAt(own, sent));
  await store.setAside([...refused].map(([h, code]) => ({ h, code })));
  return refused.size;
}

function brokenAt(own: readonly string[], sent: ReadonlyMap<string, { readonly n: number }>): BrokenChain {
  return { why: 'rejected', n: Math.min(...own.map((h) => sent.get(h)!.n)), hs: own.slice(0, 64) };
}

/** Entries that stand on one that the hub refused, now or before: it will never take them. */
async function behindRefused(
  { missingParents }: PushAnswer,
  items: Batch['items'],
  refused: ReadonlyMap<string, string>,
  store: DeviceStore,
): Promise<string[]> {
  const lacking = new Set([...missingParents, ...refused.keys()]);
  if (lacking.size === 0) return [];
  const old = await store.aside(10_000);
  const gone = new Set([...refused.keys(), ...old.map(({ h }) => h)]);
  const behind: string[] = [];
  for (const { h, entry } of [...items].sort((a, b) => a.entry.n - b.entry.n)) {
    if (gone.has(h) || entry.prev === null || !gone.has(entry.prev)) continue;
    gone.add(h);
    behind.push(h);
  }
  return behind;
}

async function sendParents({ missingParents }: PushAnswer, store: DeviceStore): Promise<number> {
  const wanted = new Set<string>();
  for (const parent of missingParents) {
    for (let h: string | null = parent; h !== null && wanted.size < mostAncestors;) {
      const entry = (await store.entries([h])).get(h);
      if (entry === undefined || wanted.has(h)) break;
      wanted.add(h);
      h = entry.prev;
    }
  }
  return wanted.size === 0 ? 0 : store.requeue([...wanted]);
}
