import { toHex } from '../../../shared/kernel/bytes.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { createGroupQueue } from '../../../shared/kernel/group-queue.ts';
import type { Checkpoint } from '../../../shared/log/checkpoint.ts';
import { type Group, type PushOutcome, workOutGroup } from './group.ts';
import { newHubChain } from './hub-chain.ts';
import { nothingWritten } from './just-written.ts';
import type { LogParts } from './log-parts.ts';
import { type ExtraFacts, type GroupBase, type Job, readGroup } from './read-group.ts';
import { countBodies } from './stored-bodies.ts';
import {
  beginTree,
  type GrowingTree,
  loadFrontier,
  readSignature,
  readTree,
  type TreeState,
} from './tree-state.ts';

/** Entries of pushes in one group; more would hold the event loop for too long. */
const mostEntries = 160;

/** Other writers that may be quicker before the caller is told to come again. */
const mostAttempts = 20;

export interface Written extends PushOutcome {
  /** Of the group: all placements are in the tree that it signs. */
  readonly checkpoint: Checkpoint;
}

/**
 * Writes one clinic's log: the jobs that wait are stored together, one group after the other. Where no other process writes,
 * a group is worked out while the one before it is being stored.
 */
export interface ClinicWriter {
  run(job: Job): Promise<Written>;
  /** The tree as it is stored; undefined where it must be read, because others may write or nothing was written yet. */
  stored(): TreeState | undefined;
  /** This process writes nothing into the clinic's log while `task` runs. */
  hold<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
}

type Outcome = { readonly written: Written } | { readonly held: unknown } | { readonly error: unknown };

interface Hold {
  readonly type: 'hold';
  readonly task: () => Promise<unknown>;
}

/** A group that is worked out, until it is stored or given up. */
interface Underway {
  readonly group: Group;
  /** Whoever is behind it has asked what it needs: questions wait behind a commit. */
  readonly go: () => void;
  readonly isStored: Promise<boolean>;
  /** When its jobs have been answered, however. */
  readonly ended: Promise<void>;
}

function weightOf(job: Job | Hold): number {
  if (job.type === 'hold') return mostEntries;
  return job.type === 'push' ? job.push.entries.length : job.facts.length;
}

const tooManyWriters = (cause?: unknown): AppError =>
  new AppError('sync.slow-down', 'other writers were quicker each time', { cause });

/** Whether it speaks of places that another writer gave out behind the tree that this process knows. */
const isBehind = ({ outcomes, state }: Group): boolean =>
  outcomes.some(({ placements }) => placements.some(({ index }) => index >= state.checkpoint.size));

/** A full disk fails everybody at once; to try each by itself would fill it further. */
const isOfStorage = (error: unknown): boolean =>
  error instanceof AppError && error.code.startsWith('storage.');

const isJob = (member: Job | Hold): member is Job => member.type !== 'hold';

const outcomesOf = ({ outcomes, state: { checkpoint } }: Group): readonly Outcome[] =>
  outcomes.map((outcome) => ({ written: { ...outcome, checkpoint } }));

/** @param extraFacts what the hub says of each group itself */
export function createClinicWriter(clinic: string, extraFacts: ExtraFacts, parts: LogParts): ClinicWriter {
  const { database, crypto } = parts;
  // What was stored last, as far as this process knows: another one may have written since.
  let known: GrowingTree | undefined;
  let chain = newHubChain(clinic, parts);
  let underway: Underway | undefined;

  async function load(): Promise<GrowingTree> {
    let state = await readTree(database, clinic);
    if (state === undefined) {
      const epoch = toHex(parts.randomBytes(16));
      await beginTree(database, clinic, { ...parts, epoch, at: parts.wallClock() });
      state = await readTree(database, clinic);
    }
    if (state === undefined) throw new TypeError('a tree that was begun is there');
    return loadFrontier(database, state, crypto);
  }

  async function storedBase(): Promise<GroupBase> {
    return { state: (known ??= await load()), chain, written: nothingWritten, told: new Set() };
  }

  function nowStored(group: Group): void {
    known = group.state;
    ({ chain } = group);
    extraFacts.stored(group.told);
  }

  /**
   * An error may hide a commit: the reply was lost, or another writer was first. Two processes that only take bodies for the
   * same entries sign the same checkpoint, so the bodies count, too.
   * @throws AppError `storage.uncertain` when it cannot be found out
   */
  async function isStored({ state, written }: Group, before: TreeState): Promise<boolean> {
    try {
      if (state === before || (await readSignature(database, state)) !== state.checkpoint.sig) return false;
      const places = [...written.held.values()].flatMap(({ hasBody, place }) => (hasBody ? [place] : []));
      return !database.isShared || (await countBodies(database, places)) === places.length;
    } catch (cause) {
      throw new AppError('storage.uncertain', 'whether the records were stored is not known', { cause });
    }
  }

  async function store(jobs: readonly Job[]): Promise<Group> {
    for (let attempt = 1; ; attempt++) {
      const base = await storedBase();
      const group = await workOutGroup(await readGroup(base, jobs, extraFacts, parts), parts);
      if (isBehind(group)) {
        known = undefined;
        if (attempt >= mostAttempts) throw tooManyWriters();
        continue;
      }
      try {
        await database.write(group.statements);
      } catch (error) {
        known = undefined;
        if (!(await isStored(group, base.state))) {
          const now = await readTree(database, clinic);
          if (now === undefined || now.no === base.state.no) throw error;
          if (attempt >= mostAttempts) throw tooManyWriters(error);
          continue;
        }
      }
      nowStored(group);
      return group;
    }
  }

  async function storeTogether(jobs: readonly Job[]): Promise<readonly Outcome[]> {
    try {
      return outcomesOf(await store(jobs));
    } catch (error) {
      if (jobs.length === 1 || isOfStorage(error)) return jobs.map(() => ({ error }));
      const outcomes: Outcome[] = [];
      for (const job of jobs) outcomes.push(...(await storeTogether([job])));
      return outcomes;
    }
  }

  async function storeInTurn(members: readonly (Job | Hold)[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    let jobs: Job[] = [];
    for (const member of members) {
      if (isJob(member)) {
        jobs.push(member);
        continue;
      }
      if (jobs.length > 0) outcomes.push(...(await storeTogether(jobs)));
      jobs = [];
      outcomes.push(
        await member.task().then(
          (held) => ({ held }),
          (error: unknown) => ({ error }),
        ),
      );
    }
    return jobs.length > 0 ? [...outcomes, ...(await storeTogether(jobs))] : outcomes;
  }

  /**
   * Works out the group on the one before it and lets the next one do the same.
   * @returns undefined when the jobs have to be stored again, by themselves
   */
  async function storeAhead(
    jobs: readonly Job[],
    before: Underway | undefined,
    letNext: () => boolean,
    ended: Promise<void>,
  ): Promise<readonly Outcome[] | undefined> {
    const base = before?.group ?? (await storedBase());
    const input = await readGroup(base, jobs, extraFacts, parts, before?.go);
    // Many answers may have come in one turn of the loop.
    await database.breathe();
    const group = await workOutGroup(input, parts);
    if (before !== undefined && !(await before.isStored)) return undefined;
    const [reads, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()];
    underway = { group, go: reads.resolve, isStored: commit.promise, ended };
    if (letNext()) await reads.promise;
    try {
      await database.write(group.statements);
    } catch (error) {
      known = undefined;
      // Where nobody can say, storing it again might double it.
      const failure = await isStored(group, base.state).then(
        (wasStored) => (wasStored ? undefined : error),
        (unknown: unknown) => unknown,
      );
      if (failure !== undefined) {
        commit.resolve(false);
        return isOfStorage(failure) ? jobs.map(() => ({ error: failure })) : undefined;
      }
    }
    nowStored(group);
    commit.resolve(true);
    return outcomesOf(group);
  }

  async function runGroup(
    members: readonly (Job | Hold)[],
    letNext: () => boolean,
  ): Promise<readonly Outcome[]> {
    if (database.isShared) return storeInTurn(members);
    const before = underway;
    const ended = Promise.withResolvers<void>();
    try {
      if (members.every(isJob)) {
        const outcomes = await storeAhead(members, before, letNext, ended.promise).catch(() => undefined);
        if (outcomes !== undefined) return outcomes;
      }
      before?.go();
      await before?.ended;
      // Once more, by itself: whatever was wrong is told by this attempt.
      return await storeInTurn(members);
    } finally {
      if (underway?.ended === ended.promise) underway = undefined;
      ended.resolve();
    }
  }

  const queue = createGroupQueue<Job | Hold, Outcome>({
    run: runGroup,
    sizeOf: weightOf,
    mostSize: mostEntries,
  });

  return {
    stored: () => (database.isShared ? undefined : known),
    async run(job) {
      const outcome = await queue.submit(job);
      if ('written' in outcome) return outcome.written;
      throw 'error' in outcome ? outcome.error : new TypeError('a job is written, not held');
    },
    async hold<Result>(task: () => Promise<Result>) {
      const outcome = await queue.submit({ type: 'hold', task });
      if ('held' in outcome) return outcome.held as Result;
      throw 'error' in outcome ? outcome.error : new TypeError('a task is held, not written');
    },
    idle: () => queue.idle(),
  };
}
