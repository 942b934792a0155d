import { type FoldInput, readForFold } from '../../../shared/log/fold/fold-page.ts';
import type { Body } from '../../../shared/log/entry.ts';
import type { FoldStep } from '../../../shared/log/fold/fold-step.ts';
import { isVouched } from '../../../shared/log/fold/vouch.ts';
import type { Statement } from '../database.ts';
import type { Fact } from '../hub-log-api.ts';
import { type CheckedPush, checkPush, type TakenEntry } from './check-push.ts';
import { readEarly } from './early-reads.ts';
import { findForks, type Fork } from './find-forks.ts';
import { type createGroupFacts, mostSkewMs } from './group-facts.ts';
import { createGroupSource } from './group-source.ts';
import { type HeldEntry, readSiblings } from './held-entries.ts';
import { appendFacts, type HubChain } from './hub-chain.ts';
import type { PlacedEntry } from './insert-entries.ts';
import type { JustWritten } from './just-written.ts';
import type { LogParts } from './log-parts.ts';
import { placeOf } from './places.ts';
import type { NamedEntry, PreparedPush } from './prepare-push.ts';
import type { GrowingTree } from './tree-state.ts';

export interface PushJob {
  readonly type: 'push';
  readonly push: PreparedPush;
}

export interface AppendJob {
  readonly type: 'append';
  readonly facts: readonly Fact[];
  readonly alsoWrite: readonly Statement[];
  /** The order is kept, but what clients verified so far counts no more. Only once, however many noticed. */
  readonly newEpoch?: { readonly from: string; readonly to: string };
}

export type Job = PushJob | AppendJob;

/** What of a job's entries is new and what was there. */
export interface TakenJob {
  readonly entries: readonly TakenEntry[];
  readonly known: readonly NamedEntry[];
  readonly checked?: CheckedPush;
}

export type EntryWithBody = Pick<PlacedEntry, 'h' | 'entry' | 'place' | 'effTs' | 'body'>;

/** On what a group is built: stored, or being stored. */
export interface GroupBase {
  readonly state: GrowingTree;
  readonly chain: HubChain;
  readonly written: JustWritten;
  /** By the hub of this group's entries (`group-facts.ts`). */
  readonly told: ReadonlySet<string>;
}

/** Everything that working out a group needs to know: from here on nothing is read. */
export interface GroupInput {
  readonly now: number;
  readonly base: GroupBase;
  readonly chain: HubChain;
  readonly told: ReadonlySet<string>;
  readonly epoch: string;
  readonly held: ReadonlyMap<string, HeldEntry>;
  /** In the order of the jobs. */
  readonly taken: readonly TakenJob[];
  readonly forks: readonly Fork[];
  readonly placed: readonly PlacedEntry[];
  /** Older entries whose bodies come now. */
  readonly late: readonly EntryWithBody[];
  readonly fold: FoldInput;
  readonly alsoWrite: readonly Statement[];
}

export type ExtraFacts = ReturnType<typeof createGroupFacts>;

/**
 * Finds out what storing these jobs together depends on.
 * @param extraFacts what the hub says of the group itself, from what was found in it
 * @param onAsked called when all usual questions have been asked, before any is answered
 */
export async function readGroup(
  base: GroupBase,
  jobs: readonly Job[],
  extraFacts: ExtraFacts,
  parts: LogParts,
  onAsked: () => void = () => undefined,
): Promise<GroupInput> {
  const { tree, checkpoint } = base.state;
  const now = parts.wallClock();

  const pushed = jobs.flatMap((job) => (job.type === 'push' ? job.push.entries : []));
  const sent = new Set(pushed.map(({ h }) => h));
  const early = readEarly(pushed, tree, parts);
  onAsked();
  const held = new Map([...(await early.held), ...base.written.held]);
  const all: TakenEntry[] = [];
  const inGroup = new Map<string, TakenEntry>();
  const lookUp = (h: string) => held.get(h) ?? inGroup.get(h)?.entry;
  const take = (entries: readonly TakenEntry[]): void => {
    for (const entry of entries) {
      all.push(entry);
      inGroup.set(entry.h, entry);
    }
  };

  let { chain } = base;
  const appendToChain = async (facts: readonly Fact[]): Promise<readonly TakenEntry[]> => {
    if (facts.length === 0) return [];
    const appended = await appendFacts(chain, facts, { now, seen: checkpoint }, parts);
    ({ chain } = appended);
    take(appended.entries);
    return appended.entries.slice(-facts.length);
  };
  let { epoch } = checkpoint;
  const taken: TakenJob[] = [];
  for (const job of jobs) {
    if (job.type === 'push') {
      const checked = checkPush(job.push, checkpoint.clinic, lookUp);
      take(checked.taken);
      taken.push({ entries: checked.taken, known: checked.known, checked });
      continue;
    }
    // Several clients may notice the same at once: the first draws the new epoch, the others find it drawn.
    const isDrawn = job.newEpoch !== undefined && job.newEpoch.from !== epoch;
    taken.push({ entries: isDrawn ? [] : await appendToChain(job.facts), known: [] });
    if (!isDrawn) epoch = job.newEpoch?.to ?? epoch;
  }
  const foreign = all.filter(({ entry }) => entry.device !== chain.device);
  // Children of parents that came with them, although the hub had them.
  const behindKnown = foreign.filter(
    ({ entry: { prev } }) => prev !== null && held.has(prev) && sent.has(prev),
  );
  const brothers = await readSiblings(
    parts.database,
    tree,
    behindKnown.map(({ entry }) => entry),
  );
  const forks = findForks(foreign, await early.children, brothers, base.written.children);
  const { facts, told } = extraFacts.of(foreign, forks, { now, before: base.told });
  await appendToChain(facts);

  // The same entry may come twice in a group, and with its body the second time only.
  const bodies = sentBodies(jobs);
  const placed = all.map((entry, at): PlacedEntry => {
    const index = checkpoint.size + at;
    const effTs = Math.min(entry.entry.ts[0], now + mostSkewMs);
    const body = entry.body ?? bodies.get(entry.h) ?? null;
    return { ...entry, body, index, place: placeOf(tree, index), effTs, recvAt: now };
  });
  const late = lateBodies(bodies, pushed, held);
  const steps: FoldStep[] = [];
  for (const entry of placed) steps.push(await stepOf(entry, parts));
  const completed: FoldStep[] = [];
  for (const entry of late) completed.push(await stepOf(entry, parts));
  const source = createGroupSource(parts, tree, early, inGroup, base.written);
  return {
    now,
    base,
    chain,
    told,
    epoch,
    held,
    taken,
    forks,
    placed,
    late,
    fold: await readForFold(source, steps, completed),
    alsoWrite: jobs.flatMap((job) => (job.type === 'append' ? job.alsoWrite : [])),
  };
}

/** By the name of the entry that they came with. */
function sentBodies(jobs: readonly Job[]): ReadonlyMap<string, Body> {
  const bodies = new Map<string, Body>();
  for (const job of jobs) {
    if (job.type !== 'push') continue;
    for (const { h, entry } of job.push.entries) {
      const body = entry.bodyHash === null ? undefined : job.push.bodies.get(entry.bodyHash);
      if (body !== undefined) bodies.set(h, body);
    }
  }
  return bodies;
}

/** Bodies that come now for entries that came without theirs. */
function lateBodies(
  bodies: ReadonlyMap<string, Body>,
  pushed: readonly NamedEntry[],
  held: ReadonlyMap<string, HeldEntry>,
): EntryWithBody[] {
  const late = new Map<string, EntryWithBody>();
  for (const { h, entry } of pushed) {
    const [known, body] = [held.get(h), bodies.get(h)];
    if (known === undefined || known.hasBody || body === undefined) continue;
    late.set(h, { h, entry, place: known.place, effTs: known.effTs, body });
  }
  return [...late.values()];
}

async function stepOf(
  { h, entry, effTs, body }: Omit<EntryWithBody, 'place'>,
  { rootKey, crypto }: LogParts,
): Promise<FoldStep> {
  const vouched = await isVouched(entry, body, rootKey.publicKey, crypto);
  return { h, entry, place: { effTs }, body, vouched };
}
