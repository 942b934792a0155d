// What a device believes of a page of the hub's order: only what it has computed itself, or what a key signed that it knows.

import { equalBytes, fromBase64Url, fromHex, toHex } from '../kernel/bytes.ts';
import { checkCheckpoint, checkExtension, inconsistent } from './check-checkpoint.ts';
import { type Checkpoint, isLater } from './checkpoint.ts';
import type { CheckedPage, DeviceState, DeviceStore, PageEntry } from './device-store.ts';
import {
  type Body,
  bodyHash,
  type Entry,
  entryHash,
  isHeadOf,
  isSoundHead,
  type SignedHead,
} from './entry.ts';
import type { PullAnswer } from './exchange.ts';
import { isVouched } from './fold/vouch.ts';
import { laterOf, observe } from './hybrid-clock.ts';
import type { LogCrypto } from './log-crypto.ts';
import { appendLeaves, type Frontier, frontierOf, leafHash, rootOf } from './merkle.ts';

/** How far a device's clock may be ahead before the hub's own time counts. */
const mostSkewMs = 5 * 60_000;

/**
 * Checks a page that answers a pull from `state.cursor` in `state.epoch`.
 * @param sent the checkpoint that went with the question
 * @throws AppError `log.hub-inconsistent`; then nothing of the page may be used
 */
export async function checkPage(
  answer: PullAnswer,
  state: DeviceState,
  sent: Checkpoint | null,
  store: Pick<DeviceStore, 'entries' | 'heads'>,
  crypto: LogCrypto,
): Promise<CheckedPage> {
  const { checkpoint, next, end } = answer;
  const { pledged } = state;
  await checkCheckpoint(checkpoint, state.identity, crypto);
  if (checkpoint.epoch !== state.epoch) throw inconsistent('a checkpoint of another epoch');
  if (sent !== null) checkExtension(sent, checkpoint, answer.proof, crypto);
  for (const known of [sent, pledged]) {
    if (known !== null && isLater(known, checkpoint)) throw inconsistent('a tree older than one it showed');
  }
  checkRange(answer, state);

  const bodies = bodiesByHash(answer.bodies, answer.entries, crypto);
  const rootKey = fromBase64Url(state.identity.rootKey);
  const entries: PageEntry[] = [];
  for (const { entry, place } of answer.entries) {
    const h = entryHash(entry, crypto);
    checkPlace(entry, place, h, state);
    const body = bodies.get(entry.bodyHash ?? '') ?? null;
    entries.push({ h, entry, place, body, vouched: await isVouched(entry, body, rootKey, crypto) });
  }
  const held = await checkParents(entries, store);
  const heads = await soundHeads(answer.heads, entries, store, crypto);
  const uncovered = stillUncovered(state.uncovered, entries, heads.known);
  if (end && uncovered.length > 0) throw inconsistent('an entry that no head of its device covers');

  const leaves = entries.map(({ place }) => leafHash(place, crypto));
  const before = frontierOf(state.cursor, state.frontier.map(fromHex));
  const isCrossed = pledged !== null && pledged.size > state.cursor && pledged.size <= next;
  if (isCrossed) {
    const upToIt = leaves.slice(0, pledged.size - state.cursor);
    checkRoot(appendLeaves(before, upToIt, crypto).frontier, pledged, crypto);
  }
  const { frontier } = appendLeaves(before, leaves, crypto);
  if (end) checkRoot(frontier, checkpoint, crypto);
  return {
    entries,
    heads: heads.fresh,
    lacking: new Set(answer.lacking),
    next: {
      cursor: next,
      frontier: frontier.hashes.map(toHex),
      uncovered,
      verified: end ? checkpoint : state.verified,
      ...ownChain(state, entries, held),
      clock: clockAfter(state, entries),
    },
    confirmed: isCrossed || sent?.sig === pledged?.sig ? pledged : null,
    promised: end ? null : checkpoint,
    end,
  };
}

/** Later than all that was seen; an entry of the own chain, which may be new to a restored profile, counts by its own time. */
function clockAfter({ identity, clock }: DeviceState, entries: readonly PageEntry[]): DeviceState['clock'] {
  let latest = clock;
  for (const { entry, place } of entries) {
    latest = observe(latest, place.effTs);
    if (entry.device === identity.device) latest = laterOf(latest, entry.ts);
  }
  return latest;
}

function checkRange({ entries, next, end, checkpoint }: PullAnswer, { cursor }: DeviceState): void {
  if (next !== cursor + entries.length || next > checkpoint.size) throw inconsistent('a page with a gap');
  if (end !== (next === checkpoint.size)) throw inconsistent('an end that is not the end of the tree');
  if (!end && entries.length === 0) throw inconsistent('a page that leads nowhere');
  if (entries.some(({ place }, index) => place.index !== cursor + index)) {
    throw inconsistent('a page that is not in the order of the tree');
  }
}

function checkPlace(
  entry: Entry,
  place: PageEntry['place'],
  h: string,
  { identity }: Pick<DeviceState, 'identity'>,
): void {
  if (place.h !== h) throw inconsistent(`an entry that is not the one named at ${place.index}`);
  if (entry.clinic !== identity.clinic) throw inconsistent('an entry of another clinic');
  if (place.effTs !== Math.min(entry.ts[0], place.recvAt + mostSkewMs)) {
    throw inconsistent(`a time that does not follow from the entry at ${place.index}`);
  }
}

function bodiesByHash(
  bodies: readonly Body[],
  entries: PullAnswer['entries'],
  crypto: LogCrypto,
): ReadonlyMap<string, Body> {
  const wanted = new Set(entries.map(({ entry }) => entry.bodyHash));
  for (const body of bodies) {
    if (!wanted.has(body.bodyHash) || bodyHash(body.salt, body.text, crypto) !== body.bodyHash) {
      throw inconsistent('a body that belongs to no entry of its page');
    }
  }
  return new Map(bodies.map((body) => [body.bodyHash, body]));
}

/** Every entry stands on one that came before it. @returns the entries that were held before the page, of those it names */
async function checkParents(
  entries: readonly PageEntry[],
  store: Pick<DeviceStore, 'entries'>,
): Promise<ReadonlyMap<string, Entry>> {
  const held = await store.entries(entries.flatMap(({ h, entry }) => [h, entry.prev ?? h]));
  const known = new Map(held);
  for (const { h, entry, place } of entries) {
    const parent = entry.prev === null ? null : known.get(entry.prev);
    const fits =
      parent === null ? entry.n === 1 : parent?.device === entry.device && parent.n === entry.n - 1;
    if (!fits) throw inconsistent(`an entry at ${place.index} without the one before it`);
    known.set(h, entry);
  }
  return held;
}

/** Those that were not held are checked; `known` names the entries of the page at which a head of their device stands. */
async function soundHeads(
  heads: readonly SignedHead[],
  entries: readonly PageEntry[],
  store: Pick<DeviceStore, 'heads'>,
  crypto: LogCrypto,
): Promise<{ fresh: SignedHead[]; known: ReadonlySet<string> }> {
  const held = await store.heads([...entries.map(({ h }) => h), ...heads.map(({ h }) => h)]);
  const names = new Set(held.map(({ h, device }) => `${h} ${device}`));
  const fresh = heads.filter(({ h, device }) => !names.has(`${h} ${device}`));
  const sound = await Promise.all(fresh.map((head) => isSoundHead(head, crypto)));
  if (sound.includes(false)) throw inconsistent('a head that its device did not sign');
  const ends = new Map(entries.map(({ h, entry }) => [h, entry]));
  // Anybody can sign a head over a stranger's entry: it says nothing.
  const fitting = [...held, ...fresh].filter((head) => isHeadOf(head, ends.get(head.h)));
  return { fresh, known: new Set(fitting.map(({ h }) => h)) };
}

/**
 * The ends of chains that still wait for their head. A head covers all before it, so an end stands for what it follows; two
 * children of one parent are two ends.
 */
function stillUncovered(
  before: readonly string[],
  entries: readonly PageEntry[],
  headed: ReadonlySet<string>,
): string[] {
  const open = new Set(before.filter((h) => !headed.has(h)));
  for (const { h, entry } of entries) {
    if (entry.prev !== null) open.delete(entry.prev);
    if (!headed.has(h)) open.add(h);
  }
  return [...open];
}

function checkRoot(frontier: Frontier, { root, size }: Checkpoint, crypto: LogCrypto): void {
  if (!equalBytes(rootOf(frontier, crypto), fromHex(root))) {
    throw inconsistent(`the root at ${size} is not that of the entries`);
  }
}

/** An entry of this device that it does not hold: it was restored from an older copy, or another copy of it writes too. */
export function ownChain(
  { identity, last, broken }: DeviceState,
  entries: readonly Pick<PageEntry, 'h' | 'entry'>[],
  held: ReadonlyMap<string, unknown>,
): Pick<DeviceState, 'last' | 'broken'> {
  let end = last;
  for (const { h, entry } of entries) {
    if (entry.device !== identity.device || held.has(h)) continue;
    if (entry.prev !== (end?.h ?? null)) {
      return { last, broken: broken ?? { why: 'forked', n: entry.n, hs: [h] } };
    }
    end = { n: entry.n, h };
  }
  return { last: end, broken };
}
