import { AppError } from '../kernel/errors.ts';
import { checkCheckpoint, inconsistent } from './check-checkpoint.ts';
import { checkPage } from './check-page.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DeviceState } from './device-store.ts';
import { mostEntries, type PullAnswer, syncProtocol } from './exchange.ts';
import type { PushParts } from './sync-push.ts';

export interface PullOutcome {
  /** How many entries the page brought. */
  readonly taken: number;
  /** The device has all of the hub's order. */
  readonly end: boolean;
  /** The hub began a new order; the device starts it from nothing. */
  readonly newEpoch: boolean;
}

/**
 * Asks for one page and takes it. The checkpoint that goes with the question lets a hub notice that it was restored from a
 * copy. Two may be known that a restored hub contradicts: the tree of this device, and a receipt's. So where an answer
 * contradicts, the hub is asked once more with the other one; only a hub that then begins a new order is believed.
 * @throws AppError `log.hub-inconsistent`
 */
export async function pullOnce(parts: PushParts): Promise<PullOutcome> {
  const state = await parts.store.state();
  const { verified, pledged, cursor } = state;
  const known = [verified, pledged].filter((checkpoint) => checkpoint !== null);
  // A receipt from inside the tree that was taken can only be proved; one from beyond it is met on the way.
  if (pledged !== null && pledged.size <= cursor) known.reverse();
  let contradiction: unknown;
  for (const sent of known.length === 0 ? [null] : known) {
    const answer = await ask(parts, state, sent);
    if (answer.epoch !== state.epoch) return begin(parts, state, answer);
    // Whatever fits now came from an order in which the other checkpoint has no place.
    if (contradiction !== undefined) continue;
    try {
      return await take(parts, state, sent, answer);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'log.hub-inconsistent') throw error;
      contradiction = error;
    }
  }
  throw contradiction;
}

function ask(
  { transport }: PushParts,
  { epoch, cursor }: DeviceState,
  verified: Checkpoint | null,
): Promise<PullAnswer> {
  return transport.pull({
    protocol: syncProtocol,
    epoch,
    cursor,
    limit: mostEntries,
    bodies: true,
    verified,
  });
}

async function begin(
  { store, crypto }: PushParts,
  { epoch, identity }: DeviceState,
  { epoch: next, checkpoint }: PullAnswer,
): Promise<PullOutcome> {
  await checkCheckpoint(checkpoint, identity, crypto);
  if (checkpoint.epoch !== next) throw inconsistent('an epoch that no checkpoint confirms');
  await store.startEpoch(next, { epoch });
  return { taken: 0, end: false, newEpoch: true };
}

async function take(
  { store, crypto }: PushParts,
  state: DeviceState,
  sent: Checkpoint | null,
  answer: PullAnswer,
): Promise<PullOutcome> {
  const { epoch, cursor, last } = state;
  const page = await checkPage(answer, state, sent, store, crypto);
  const outcome = await store.applyPage(page, { epoch, cursor, last });
  // Another program was here first; the next page starts where it stopped.
  if (outcome === 'moved') return { taken: 0, end: false, newEpoch: false };
  return { taken: page.entries.length, end: page.end, newEpoch: false };
}
