import { toHex } from '../../../shared/kernel/bytes.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
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

interface Waiting {
  readonly job: Job | (() => Promise<void>);
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingJob extends Waiting {
  readonly job: Job;
}

const isJob = (one: Waiting): one is WaitingJob => typeof one.job !== 'function';
const weightOf = ({ job }: WaitingJob): number =>
  job.type === 'push' ? job.push.entries.length : job.facts.length;

/** @param extraFacts what the hub says of each group itself */
export function createClinicWriter(
  clinic: string,
  extraFacts: (taken: readonly TakenEntry[], forks: readonly Fork[], now: number) => readonly Fact[],
  parts: LogParts,
): ClinicWriter {
  const { database, crypto } = parts;
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
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
      try {
        await database.write(group.statements);
      } catch (error) {
        known = undefined;
        const isNew = group.state !== state;
        if (!isNew || !(await isStored(group))) {
          const now = await readTree(database, clinic);
          if (now === undefined || now.no === state.no) throw error;
          if (attempt >= mostAttempts) {
            throw new AppError('sync.slow-down', 'other writers were quicker each time', { cause: error });
          }
          continue;
        }
      }
      known = group.state;
      chain = group.chain;
      return group;
    }
  }

  async function storeTogether(members: readonly WaitingJob[]): Promise<void> {
    try {
      const { outcomes, state } = await store(members.map(({ job }) => job));
      for (const [at, { resolve }] of members.entries()) {
        resolve({ ...outcomes[at]!, checkpoint: state.checkpoint });
      }
    } catch (error) {
      const isStorage = error instanceof AppError && error.code.startsWith('storage.');
      if (members.length === 1 || isStorage) for (const { reject } of members) reject(error);
      else for (const member of members) await storeTogether([member]);
    }
  }

  function takeGroup(): WaitingJob[] {
    const group: WaitingJob[] = [];
    let weight = 0;
    for (const one of waiting) {
      if (!isJob(one)) break;
      weight += weightOf(one);
      if (group.length > 0 && weight > mostEntries) break;
      group.push(one);
    }
    waiting = waiting.slice(group.length);
    return group;
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const [first] = waiting;
      if (typeof first?.job === 'function') {
        waiting = waiting.slice(1);
        await first.job();
      } else await storeTogether(takeGroup());
    }
    running = undefined;
  }

  const enter = (one: Waiting): void => {
    waiting.push(one);
    running ??= Promise.resolve().then(run);
  };
  return {
    run: (job) => new Promise((resolve, reject) => enter({ job, resolve, reject })),
    hold: (task) =>
      new Promise((resolve, reject) =>
        enter({ job: () => task().then(resolve, reject), resolve: () => undefined, reject }),
      ),
    idle: async () => running,
  };
}
