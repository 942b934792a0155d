import { AppError, describeThrown, errorEntry } from '../kernel/errors.ts';
import { backOffMs } from './back-off.ts';
import { inconsistent } from './check-checkpoint.ts';
import { mostEntries } from './exchange.ts';
import { pullOnce } from './sync-pull.ts';
import { nothingDone, type PushOutcome, pushOnce, type PushParts } from './sync-push.ts';

export interface SyncParts extends PushParts {
  /** From 0 to 1. */
  readonly random: () => number;
  /** Resolves after this time, or earlier when there is something to do. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Aborted between two steps; what was done stays done. */
export interface StopSignal {
  readonly aborted: boolean;
}

export interface SyncReport {
  readonly pulled: number;
  readonly delivered: number;
  readonly setAside: number;
  /** Both ways are done: the device has all of the hub's, and the hub has all of the device's but what was set aside. */
  readonly isSettled: boolean;
}

/** What a person is told while the engine runs. */
export type SyncState =
  | { readonly state: 'settled'; readonly report: SyncReport }
  | { readonly state: 'waiting'; readonly failure: AppError; readonly forMs: number }
  /** Somebody has to do something first: sign in, enrol, bring the program up to date. */
  | { readonly state: 'stopped'; readonly failure: AppError };

/** In the time of one round; a hub that always begins anew would never let a device finish. */
const mostEpochs = 3;
/** Rounds of pull and push; more only while others write as fast as this device reads. */
const mostRounds = 10;
/** How often the hub is asked when there is nothing to send. */
const idleMs = 30_000;

/**
 * Pulls until caught up, pushes until empty, and pulls again to see its own entries in the hub's order. May be stopped or
 * killed anywhere, and run twice at once on one store.
 * @throws AppError what stood in the way; the next time goes on from there
 */
export async function syncOnce(parts: PushParts, stop: StopSignal = { aborted: false }): Promise<SyncReport> {
  let pulled = 0;
  let delivered = 0;
  let setAside = 0;
  for (let round = 0; round < mostRounds && !stop.aborted; round++) {
    pulled += await pullAll(parts, stop);
    const sent = await pushAll(parts, stop);
    delivered += sent.delivered;
    setAside += sent.setAside;
    if (sent.delivered === 0 && sent.requeued === 0 && !sent.newEpoch) {
      return { pulled, delivered, setAside, isSettled: !stop.aborted && !sent.isStuck };
    }
  }
  return { pulled, delivered, setAside, isSettled: false };
}

/** Runs `syncOnce` again and again until stopped, or until nothing goes on without a person. Never throws. */
export async function runSync(
  parts: SyncParts,
  stop: StopSignal,
  tell: (state: SyncState) => void,
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      const report = await syncOnce(parts, stop);
      if (stop.aborted) return;
      if (!report.isSettled)
        throw new AppError('log.missing-parent', 'the hub takes nothing of what is left');
      failures = 0;
      tell({ state: 'settled', report });
      await parts.wait(idleMs);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (!errorEntry(failure.code).retry) {
        tell({ state: 'stopped', failure });
        return;
      }
      failures++;
      const forMs = backOffMs(failures, parts.random(), retryAfterOf(failure));
      tell({ state: 'waiting', failure, forMs });
      await parts.wait(forMs);
    }
  }
}

/** Until the device has all of the hub's order. @returns how many entries came */
export async function pullAll(parts: PushParts, stop: StopSignal = { aborted: false }): Promise<number> {
  let taken = 0;
  let epochs = 0;
  while (!stop.aborted) {
    const outcome = await pullOnce(parts);
    taken += outcome.taken;
    if (outcome.end) break;
    if (outcome.newEpoch && ++epochs > mostEpochs) throw inconsistent('a hub that begins anew all the time');
  }
  return taken;
}

/** Until the outbox is empty, the hub takes nothing of what is left, or it has begun a new order. */
export async function pushAll(parts: PushParts, stop: StopSignal = { aborted: false }): Promise<PushOutcome> {
  let total = nothingDone;
  let most = mostEntries;
  while (!stop.aborted) {
    let outcome: PushOutcome | undefined;
    try {
      outcome = await pushOnce(parts, most);
    } catch (thrown) {
      const isTooLarge =
        thrown instanceof AppError && ['request.too-large', 'sync.too-many'].includes(thrown.code);
      if (!isTooLarge || most === 1) throw thrown;
      most = Math.ceil(most / 4);
      continue;
    }
    if (outcome === undefined) break;
    total = {
      delivered: total.delivered + outcome.delivered,
      setAside: total.setAside + outcome.setAside,
      requeued: total.requeued + outcome.requeued,
      isStuck: outcome.isStuck,
      newEpoch: outcome.newEpoch,
    };
    if (outcome.isStuck || outcome.newEpoch) break;
  }
  return total;
}

function asFailure(thrown: unknown): AppError {
  return thrown instanceof AppError
    ? thrown
    : new AppError('server.internal', describeThrown(thrown), { cause: thrown });
}

function retryAfterOf({ details }: AppError): number {
  const { retryAfterMs } = details;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? Math.min(retryAfterMs, 3_600_000) : 0;
}
