import { toHex } from '../../../shared/kernel/bytes.ts';
import type { Checkpoint, Placement } from '../../../shared/log/checkpoint.ts';
import type { PushAnswer } from '../../../shared/log/exchange.ts';
import { type Folded, foldRead } from '../../../shared/log/fold/fold-page.ts';
import { refKey } from '../../../shared/log/fold/row-cache.ts';
import { appendLeaves, leafHash, rootOf } from '../../../shared/log/merkle.ts';
import type { Statement } from '../database.ts';
import type { Fork } from './find-forks.ts';
import { writeRows } from './folded-rows.ts';
import type { HeldEntry } from './held-entries.ts';
import { insertEntries } from './insert-entries.ts';
import { changesByKey, type JustWritten } from './just-written.ts';
import type { LogParts } from './log-parts.ts';
import type { EntryWithBody, GroupBase, GroupInput, TakenJob } from './read-group.ts';
import { deleteBodies, insertBodies } from './stored-bodies.ts';
import { insertNodes } from './tree-nodes.ts';
import { type GrowingTree, insertCheckpoint, signCheckpoint } from './tree-state.ts';

/** What a job comes to, once its group is stored. */
export interface PushOutcome {
  readonly answer: Omit<PushAnswer, 'receipt' | 'epoch'>;
  readonly placements: readonly Placement[];
}

/** As a base it is that of the next group. */
export interface Group extends GroupBase {
  readonly statements: readonly Statement[];
  /** In the order of the jobs; placements only for an append. */
  readonly outcomes: readonly PushOutcome[];
}

const placementOf = ({ h, index, effTs, recvAt }: Placement): Placement => ({ h, index, effTs, recvAt });

/** Works out what storing the jobs means. Nothing is read or written, and the same can be worked out again. */
export async function workOutGroup(input: GroupInput, { sealer, crypto, rootKey }: LogParts): Promise<Group> {
  const { base, placed, late, held, taken, forks } = input;
  const { state } = base;
  const { tree, checkpoint } = state;
  const folded = foldRead(input.fold);
  const counted = placed.filter(
    ({ h, entry }) => entry.kind === 'body.erased' && folded.outcomes.get(h) === 'counted',
  );
  const erasedAt = new Map(counted.map(({ entry, place }) => [entry.entity, place]));
  // From an erasure on its hash is not taken again; what was erased before stays so.
  const isErased = (bodyHash: string, place: number): boolean =>
    place > (erasedAt.get(bodyHash) ?? Infinity) ||
    input.fold.rows.has(refKey({ table: 'erased', key: bodyHash }));
  const bodiesOf = (entries: readonly EntryWithBody[]) =>
    entries.flatMap(({ place, h, body }) =>
      body !== null && !isErased(body.bodyHash, place) ? [{ place, h, body }] : [],
    );
  const completing = bodiesOf(late);
  const bodies = [...bodiesOf(placed), ...completing];
  const grown = appendLeaves(
    state.frontier,
    placed.map((entry) => leafHash(entry, crypto)),
    crypto,
  );
  const isEmpty = placed.length === 0 && bodies.length === 0 && input.epoch === checkpoint.epoch;
  // Bodies that come late are told by a checkpoint of the same size (`export-clinic.ts`), also when entries come with them.
  const isTold = completing.length > 0 && placed.length > 0;
  // No two of a size are alike: a hub that was restored from a copy between them would not notice.
  const at = Math.max(input.now, checkpoint.at + (isTold || placed.length === 0 ? 1 : 0));
  const sign = (changed: Partial<Checkpoint>): Promise<Checkpoint> =>
    signCheckpoint({ ...checkpoint, at, ...changed }, rootKey);
  const told = isTold ? [{ ...state, no: state.no + 1, checkpoint: await sign({}) }] : [];
  const next: GrowingTree = isEmpty
    ? state
    : {
        tree,
        no: state.no + told.length + 1,
        frontier: grown.frontier,
        checkpoint: await sign({
          epoch: input.epoch,
          size: grown.frontier.size,
          root: toHex(rootOf(grown.frontier, crypto)),
        }),
      };
  const erasing = counted.map(({ entry }) => deleteBodies(entry.entity, entry.basedOn));
  const statements = [
    // First, because a number that is taken makes all the rest pointless.
    ...(isEmpty ? [] : [...told, next].map(insertCheckpoint)),
    ...(placed.length === 0 ? [] : [...insertEntries(placed), insertNodes(tree, grown.nodes)]),
    ...(bodies.length === 0 ? [] : [insertBodies(bodies, sealer)]),
    ...erasing,
    ...writeRows(tree, folded.changes, sealer),
    ...input.alsoWrite,
  ];
  const placements = new Map<string, Placement>(placed.map((entry) => [entry.h, placementOf(entry)]));
  for (const [h, entry] of held) placements.set(h, placementOf({ h, ...entry }));
  return {
    statements,
    state: next,
    chain: input.chain,
    told: input.told,
    written: writtenBy(input, folded, new Set(bodies.map(({ place }) => place))),
    outcomes: taken.map((one) => outcomeOf(one, placements, forks)),
  };
}

function writtenBy(
  { placed, late, held, fold }: GroupInput,
  folded: Folded,
  withBody: ReadonlySet<number>,
): JustWritten {
  const nowHeld = new Map<string, HeldEntry>();
  const children = new Map<string, string[]>();
  for (const { h, entry, place, index, effTs, recvAt } of placed) {
    const { device, n } = entry;
    nowHeld.set(h, { place, index, device, n, effTs, recvAt, hasBody: withBody.has(place) });
    const parent = entry.prev ?? device;
    children.set(parent, [...(children.get(parent) ?? []), h]);
  }
  for (const { h, place } of late) {
    nowHeld.set(h, { ...held.get(h)!, hasBody: withBody.has(place) });
  }
  return {
    held: nowHeld,
    children,
    steps: new Map([...fold.steps, ...fold.completed].map((step) => [step.h, step])),
    changes: changesByKey(folded.changes),
  };
}

function outcomeOf(
  { entries, known, checked }: TakenJob,
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
