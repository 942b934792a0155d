import { z } from 'zod';
import { utf8 } from '../kernel/bytes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Epoch, Hash, Millis, RecordId, Signature } from './names.ts';

/** What the hub's root key signs: the clinic's order up to `size` is the tree with this root (RFC 9162 section 2.1). */
export const Checkpoint = z.strictObject({
  clinic: RecordId,
  epoch: Epoch,
  size: z.int().nonnegative(),
  root: Hash,
  at: Millis,
  sig: Signature,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/**
 * Whether it speaks of more than another of the same epoch: of a larger tree, or of the same one with bodies that came later.
 * A hub never signs an earlier one again, unless it was restored from a copy.
 */
export function isLater(
  one: Pick<Checkpoint, 'size' | 'at'>,
  other: Pick<Checkpoint, 'size' | 'at'> | null,
): boolean {
  return other === null || one.size > other.size || (one.size === other.size && one.at > other.at);
}

/** Where the hub put an entry, and when it came. */
export const Placement = z.strictObject({
  h: Hash,
  /** In the clinic's order, from 0. */
  index: z.int().nonnegative(),
  /** `min(ts, received + 5 min)`: the time by which all devices order alike. */
  effTs: Millis,
  recvAt: Millis,
});
export type Placement = z.infer<typeof Placement>;

/** Signed by the hub's root key: these entries have these places in the tree that `checkpoint` signs. */
export const Receipt = z.strictObject({
  checkpoint: Checkpoint,
  placements: z.array(Placement).max(500),
  sig: Signature,
});
export type Receipt = z.infer<typeof Receipt>;

/** The bytes under a checkpoint's signature. */
export function checkpointMessage({ clinic, epoch, size, root, at }: Omit<Checkpoint, 'sig'>): Uint8Array {
  return utf8(`checkpoint:1\n${canonicalJson({ clinic, epoch, size, root, at })}`);
}

/** The bytes under a receipt's signature. */
export function receiptMessage({ checkpoint, placements }: Omit<Receipt, 'sig'>): Uint8Array {
  return utf8(`receipt:1\n${canonicalJson({ checkpoint, placements })}`);
}
