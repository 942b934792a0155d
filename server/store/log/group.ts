import type { Placement } from '../../../shared/log/checkpoint.ts';
import type { PushAnswer } from '../../../shared/log/exchange.ts';
import { foldPage } from '../../../shared/log/fold/fold-page.ts';
import type { FoldStep } from '../../../shared/log/fold/fold-step.ts';
import { isVouched } from '../../../shared/log/fold/vouch.ts';
import { appendLeaves, leafHash, rootOf } from '../../../shared/log/merkle.ts';
import { toHex } from '../../../shared/kernel/bytes.ts';
import type { Statement } from '../database.ts';
import type { Fact } from '../hub-log-api.ts';
import { type CheckedPush, checkPush, type TakenEntry } from './check-push.ts';
import { writeRows } from './folded-rows.ts';
import { type HeldEntry, readHeld } from './held-entries.ts';
import { createGroupSource } from './group-source.ts';
import { findForks, type Fork } from './find-forks.ts';
import { mostSkewMs } from './group-facts.ts';
import { appendFacts, type HubChain } from './hub-chain.ts';
import { insertEntries, type PlacedEntry } from './insert-entries.ts';
import type { LogParts } from './log-parts.ts';
import { placeOf } from './places.ts';
import type { NamedEntry, PreparedPush } from './prepare-push.ts';
import { deleteBodies, insertBodies } from './stored-bodies.ts';
import { insertNodes } from './tree-nodes.ts';
import { type GrowingTree, insertCheckpoint, signCheckpoint } from './tree-state.ts';

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

/** What a job comes to, once its group is stored. */
export interface PushOutcome {
  readonly answer: Omit<PushAnswer, 'receipt' | 'epoch'>;
  readonly placements: readonly Placement[];
}

export interface Group {
  readonly statements: readonly Statement[];
  readonly state: GrowingTree;
  readonly chain: HubChain;
  /** In the order of the jobs; placements only for an append. */
  readonly outcomes: readonly PushOutcome[];
}

interface Taken {
  readonly entries: readonly TakenEntry[];
  readonly known: readonly NamedEntry[];
  readonly checked?: CheckedPush;
}

const placementOf = ({ h, index, effTs, recvAt }: Placement): Placement => ({ h, index, effTs, recvAt });

/**
 * Works out what storing these jobs together means: nothing is written, and the same jobs on the same state can be worked
 * out again.
 * @param extraFacts what the hub says of the group itself, from what was found in it
 */
export async function buildGroup(
  state: GrowingTree,
  chain: HubChain,
  jobs: readonly Job[],
  extraFacts: (taken: readonly TakenEntry[], forks: readonly Fork[], now: number) => readonly Fact[],
  parts: LogParts,
): Promise<Group> {
  const { database, sealer, crypto, rootKey } = parts;
  const { tree, checkpoint } = state;
  const { clinic } = checkpoint;
  const now = parts.wallClock();

  const pushed = jobs.flatMap((job) => (job.type === 'push' ? job.push.entries : []));
  const names = new Set(pushed.flatMap(({ h, entry }) => (entry.prev === null ? [h] : [h, entry.prev])));
  const held = await readHeld(database, tree, [...names]);
  const all: TakenEntry[] = [];
  const inGroup = new Map<string, TakenEntry>();
  const lookUp = (h: string) => held.get(h) ?? inGroup.get(h)?.entry;
  const take = (entries: readonly TakenEntry[]): void => {
    for (const entry of entries) {
      all.push(entry);
      inGroup.set(entry.h, entry);
    }
  };

  let grownChain = chain;
  const appendToChain = async (facts: readonly Fact[]): Promise<readonly TakenEntry[]> => {
    if (facts.length === 0) return [];
    const appended = await appendFacts(grownChain, facts, { now, seen: checkpoint }, parts);
    grownChain = appended.chain;
    take(appended.entries);
    return appended.entries.slice(-facts.length);
  };
  let { epoch } = checkpoint;
  const taken: Taken[] = [];
  for (const job of jobs) {
    if (job.type === 'push') {
      const checked = checkPush(job.push, clinic, lookUp);
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
  const forks = await findForks(database, tree, foreign);
  await appendToChain(extraFacts(foreign, forks, now));

  const placed = all.map((entry, at): PlacedEntry => {
    const index = checkpoint.size + at;
    const effTs = Math.min(entry.entry.ts[0], now + mostSkewMs);
    return { ...entry, index, place: placeOf(tree, index), effTs, recvAt: now };
  });
  const late = lateBodies(jobs, held);
  const steps: FoldStep[] = [];
  for (const entry of placed) steps.push(await stepOf(entry, parts));
  const completed: FoldStep[] = [];
  for (const entry of late) completed.push(await stepOf(entry, parts));
  const source = createGroupSource(parts, tree, [...placed, ...late], inGroup);
  const folded = await foldPage(source, steps, completed);
  const bodiesOf = (entries: readonly WithBody[]) =>
    entries.flatMap(({ place, h, body }) =>
      body !== null && !source.isErased(body.bodyHash) ? [{ place, h, body }] : [],
    );
  const completing = bodiesOf(late);
  const bodies = [...bodiesOf(placed), ...completing];
  const grown = appendLeaves(
    state.frontier,
    placed.map((entry) => leafHash(entry, crypto)),
    crypto,
  );
  const alsoWrite = jobs.flatMap((job) => (job.type === 'append' ? job.alsoWrite : []));
  const isEmpty = placed.length === 0 && bodies.length === 0 && epoch === checkpoint.epoch;
  // Bodies that come late are told by a checkpoint of the same size (`export-clinic.ts`), also when entries come with them.
  const at = Math.max(now, checkpoint.at);
  const isTold = completing.length > 0 && placed.length > 0;
  const told = isTold
    ? [
        {
          ...state,
          no: state.no + 1,
          checkpoint: await signCheckpoint({ ...checkpoint, at }, rootKey),
        },
      ]
    : [];
  const next: GrowingTree = isEmpty
    ? state
    : {
        tree,
        no: state.no + told.length + 1,
        frontier: grown.frontier,
        checkpoint: await signCheckpoint(
          {
            clinic,
            epoch,
            size: grown.frontier.size,
            root: toHex(rootOf(grown.frontier, crypto)),
            at,
          },
          rootKey,
        ),
      };
  const erasing = placed.flatMap(({ h, entry }) =>
    entry.kind === 'body.erased' && folded.outcomes.get(h) === 'counted'
      ? [deleteBodies(entry.entity, entry.basedOn)]
      : [],
  );
  const statements = [
    // First, because a number that is taken makes all the rest pointless.
    ...(isEmpty ? [] : [...told, next].map(insertCheckpoint)),
    ...(placed.length === 0 ? [] : [...insertEntries(placed), insertNodes(tree, grown.nodes)]),
    ...(bodies.length === 0 ? [] : [insertBodies(bodies, sealer)]),
    ...erasing,
    ...writeRows(tree, folded.changes, sealer),
    ...alsoWrite,
  ];
  const placements = new Map<string, Placement>(placed.map((entry) => [entry.h, placementOf(entry)]));
  for (const [h, entry] of held) placements.set(h, placementOf({ h, ...entry }));
  return {
    statements,
    state: next,
    chain: grownChain,
    outcomes: taken.map((one) => outcomeOf(one, placements, forks)),
  };
}

function outcomeOf(
  { entries, known, checked }: Taken,
  placements: ReadonlyMap<string, Placement>,
  forks: readonly Fork[],
): PushOutcome {
  const stored = [...known, ...entries].map(({ h }) => h);
  const own = new Set(stored);
  return {
    answer: {
      stored,
      missingParents: [...(checked?.missingParents ?? [])],
      rejected: [...(checked?.rejected ?? [])],
      forks: forks
        .filter(({ hs }) => hs.some((h) => own.has(h)))
        .map(({ device, n, hs }) => ({ device, n, hs: [...hs] })),
    },
    placements: stored.map((h) => placements.get(h)!),
  };
}

type WithBody = Pick<PlacedEntry, 'h' | 'entry' | 'place' | 'effTs' | 'body'>;

/** Bodies that come now for entries that came without theirs. */
function lateBodies(jobs: readonly Job[], held: ReadonlyMap<string, HeldEntry>): WithBody[] {
  const late = new Map<string, WithBody>();
  for (const job of jobs) {
    if (job.type !== 'push') continue;
    for (const { h, entry } of job.push.entries) {
      const known = held.get(h);
      const body = entry.bodyHash === null ? undefined : job.push.bodies.get(entry.bodyHash);
      if (known === undefined || known.hasBody || body === undefined) continue;
      late.set(h, { h, entry, place: known.place, effTs: known.effTs, body });
    }
  }
  return [...late.values()];
}

async function stepOf(
  { h, entry, effTs, body }: Omit<WithBody, 'place'>,
  { rootKey, crypto }: LogParts,
): Promise<FoldStep> {
  const vouched = await isVouched(entry, body, rootKey.publicKey, crypto);
  return { h, entry, place: { effTs }, body, vouched };
}
