import type { Placement } from '../checkpoint.ts';
import type { Body, Entry } from '../entry.ts';

/** One entry on its way into the rows. Hash, chain and signatures have been checked before. */
export interface FoldStep {
  readonly h: string;
  readonly entry: Entry;
  /** Null for an entry of this device that the hub has not placed yet: it is shown, and not judged before it has a place. */
  readonly place: Pick<Placement, 'effTs'> | null;
  /** Null: not here yet, not readable, erased, or the entry has none. */
  readonly body: Body | null;
  /** As `isVouched` says. */
  readonly vouched: boolean;
}

export type FoldOutcome =
  | 'counted'
  | 'quarantined'
  /** A kind that this version does not fold. */
  | 'opaque';
