import { toHex } from '../../../shared/kernel/bytes.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { createGroupQueue } from '../../../shared/kernel/group-queue.ts';
import type { Checkpoint } from '../../../shared/log/checkpoint.ts';
import type { Fact } from '../hub-log-api.ts';
import type { TakenEntry } from './check-push.ts';
import type { Fork } from './find-forks.ts';
import { buildGroup, type Group, type Job, type PushOutcome } from './group.ts';
import { type HubChain, newHubChain } from './hub-chain.ts';
import type { LogParts } from './log-parts.ts';
import { beginTree, type GrowingTree, loadFrontier, readSignature, readTree } from './tree-state.ts';

/** Entries of pushes in one group; more would hold the event loop for too long. */
const mostEntries = 1500;

/** Other writers that may be quicker before the caller is told to come again. */
const mostAttempts = 20;

export interface Written extends PushOutcome {
  /** Of the group: all placements are in the tree that it signs. */
  readonly checkpoint: Checkpoint;
}

/** Writes one clinic's log: the jobs that wait are stored together, one group after the other. */
export interface ClinicWriter {
  run(job: Job): Promise<Written>;
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

function weightOf(job: Job | Hold): number {
  if (job.type === 'hold') return mostEntries;
  return job.type === 'push' ? job.push.entries.length : job.facts.length;
}

const tooManyWriters = (cause?: unknown): AppError =>
  new AppError('sync.slow-down', 'other writers were quicker each time', { cause });

/** Whether it speaks of places that another writer gave out behind the tree that this process knows. */
const isBehind = ({ state, outcomes }: Group): boolean =>
  outcomes.some(({ placements }) => placements.some(({ index }) => index >= state.checkpoint.size));

/** @param extraFacts what the hub says of each group itself */
export function createClinicWriter(
  clinic: string,
  extraFacts: (taken: readonly TakenEntry[], forks: readonly Fork[], now: number) => readonly Fact[],
  parts: LogParts,
): ClinicWriter {
  const { database, crypto } = parts;
  // What was stored last, as far as this process knows: another one may have written since.
  let known: GrowingTree | undefined;
  let chain: HubChain = newHubChain(clinic, parts);

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

  /** An error may hide a commit: the reply was lost, or another writer was first. */
  async function isStored({ state }: Group): Promise<boolean> {
    return (await readSignature(database, state)) === state.checkpoint.sig;
  }

  async function store(jobs: readonly Job[]): Promise<Group> {
    for (let attempt = 1; ; attempt++) {
      const state = (known ??= await load());
      const group = await buildGroup(state, chain, jobs, extraFacts, parts);
      if (isBehind(group)) {
        known = undefined;
        if (attempt >= mostAttempts) throw tooManyWriters();
        continue;
      }
      try {
        await database.write(group.statements);
      } catch (error) {
        known = undefined;
        const isNew = group.state !== state;
        if (!isNew || !(await isStored(group))) {
          const now = await readTree(database, clinic);
          if (now === undefined || now.no === state.no) throw error;
          if (attempt >= mostAttempts) throw tooManyWriters(error);
          continue;
        }
      }
      known = group.state;
      chain = group.chain;
      return group;
    }
  }

  async function storeTogether(jobs: readonly Job[]): Promise<readonly Outcome[]> {
    try {
      const { outcomes, state } = await store(jobs);
      return outcomes.map((outcome) => ({ written: { ...outcome, checkpoint: state.checkpoint } }));
    } catch (error) {
      const isStorage = error instanceof AppError && error.code.startsWith('storage.');
      if (jobs.length === 1 || isStorage) return jobs.map(() => ({ error }));
      const outcomes: Outcome[] = [];
      for (const job of jobs) outcomes.push(...(await storeTogether([job])));
      return outcomes;
    }
  }

  async function runGroup(members: readonly (Job | Hold)[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    let jobs: Job[] = [];
    for (const member of members) {
      if (member.type !== 'hold') {
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

  const queue = createGroupQueue<Job | Hold, Outcome>({
    run: runGroup,
    sizeOf: weightOf,
    mostSize: mostEntries,
  });

  return {
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
