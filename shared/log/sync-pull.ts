import { checkCheckpoint, inconsistent } from './check-checkpoint.ts';
import { checkPage } from './check-page.ts';
import { mostEntries, syncProtocol } from './exchange.ts';
import type { PushParts } from './sync-push.ts';

export interface PullOutcome {
  /** How many entries the page brought. */
  readonly taken: number;
  /** The device has all of the hub's order. */
  readonly end: boolean;
  /** The hub began a new order; the device starts it from nothing. */
  readonly newEpoch: boolean;
}

/** Asks for one page and takes it. @throws AppError `log.hub-inconsistent` */
export async function pullOnce({ store, transport, crypto }: PushParts): Promise<PullOutcome> {
  const state = await store.state();
  const { epoch, cursor, pledged, last } = state;
  const answer = await transport.pull({
    protocol: syncProtocol,
    epoch,
    cursor,
    limit: mostEntries,
    bodies: true,
    verified: pledged,
  });
  if (answer.epoch !== epoch) {
    await checkCheckpoint(answer.checkpoint, state.identity, crypto);
    if (answer.checkpoint.epoch !== answer.epoch) throw inconsistent('an epoch that no checkpoint confirms');
    await store.startEpoch(answer.epoch, { epoch });
    return { taken: 0, end: false, newEpoch: true };
  }
  const page = await checkPage(answer, state, store, crypto);
  const outcome = await store.applyPage(page, { epoch, cursor, last });
  // Another program was here first; the next page starts where it stopped.
  if (outcome === 'moved') return { taken: 0, end: false, newEpoch: false };
  return { taken: page.entries.length, end: page.end, newEpoch: false };
}
