import { z } from 'zod';
import { Checkpoint, Placement, Receipt } from './checkpoint.ts';
import { Body, Entry, SignedHead } from './entry.ts';
import { DeviceId, Epoch, Hash } from './names.ts';

/** What a device and the hub say to each other. */

/** Entries in one push, and in one page of a pull. */
export const mostEntries = 500;

/** Raised when an older client could no longer understand the hub; the hub refuses it with `sync.client-too-old`. */
export const syncProtocol = 1;

/** Partial success is normal: whatever can be taken is taken, and said of each that cannot. */
export const PushRequest = z.strictObject({
  protocol: z.int().positive(),
  /** Null before the first pull. */
  epoch: Epoch.nullable(),
  /** In any order; also other devices' entries, which come back after the hub was restored from a copy. */
  entries: z.array(Entry).max(mostEntries),
  heads: z.array(SignedHead).max(mostEntries),
  bodies: z.array(Body).max(mostEntries),
  /** As in a pull: a hub that was restored learns of it before it takes what was written in view of a later tree. */
  verified: Checkpoint.nullable().optional(),
});
export type PushRequest = z.infer<typeof PushRequest>;

export const PushAnswer = z.object({
  epoch: Epoch,
  /** All of the push that the hub now holds durably, whether new or not. */
  stored: z.array(Hash),
  /** Parents that the hub does not hold, of entries that it therefore did not take. */
  missingParents: z.array(Hash),
  rejected: z.array(z.object({ h: Hash, code: z.string() })),
  /** Entries that have a sibling: two children of one parent. Both are kept. */
  forks: z.array(z.object({ device: DeviceId, n: z.int().positive(), hs: z.array(Hash) })),
  /** Absent where nothing was stored. */
  receipt: Receipt.optional(),
});
export type PushAnswer = z.infer<typeof PushAnswer>;

export const PullRequest = z.strictObject({
  protocol: z.int().positive(),
  /** Null for a client that has nothing yet: it is told the epoch and starts at 0. */
  epoch: Epoch.nullable(),
  /** The first index in the clinic's order that is wanted. */
  cursor: z.int().nonnegative(),
  limit: z.int().min(1).max(mostEntries),
  /** Without bodies: headers alone, to list or to verify. */
  bodies: z.boolean().default(true),
  /** The last checkpoint that the client verified; it tells the hub when it was restored from a copy. */
  verified: Checkpoint.nullable(),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const PulledEntry = z.object({ entry: Entry, place: Placement });

export const PullAnswer = z.object({
  /** Another than the client's: it starts again at cursor 0, and this page is empty. */
  epoch: Epoch,
  /** In the clinic's order, from the cursor, without a gap. */
  entries: z.array(PulledEntry),
  /** Enough to cover every entry of this page. */
  heads: z.array(SignedHead),
  /** Those that the account may read and that are not erased. */
  bodies: z.array(Body),
  /**
   * Entries of this page whose content the hub has lost and nobody erased: it came back, after a restore, from somebody who
   * may not read it. Whoever holds it sends it again.
   */
  lacking: z.array(Hash).optional(),
  /** The cursor of the next page. */
  next: z.int().nonnegative(),
  /** Nothing is left behind this page. */
  end: z.boolean(),
  /** Of the tree as it is now; `size` is at least `next`. */
  checkpoint: Checkpoint,
  /** Consistency of `verified` with `checkpoint` (RFC 9162 section 2.1.4); empty where there was no `verified` of this epoch. */
  proof: z.array(Hash),
});
export type PullAnswer = z.infer<typeof PullAnswer>;
