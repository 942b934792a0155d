import { equalBytes } from '../kernel/bytes.ts';
import type { LogCrypto } from './log-crypto.ts';
import { nodeHash } from './merkle.ts';

// The other side of the proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2). Sizes may exceed 32 bits, so there are no bit operators.

type Hasher = Pick<LogCrypto, 'sha256'>;

const isOdd = (value: number): boolean => value % 2 === 1;
const halved = (value: number): number => Math.floor(value / 2);

const areSizes = (...sizes: readonly number[]): boolean =>
  sizes.every((size) => Number.isSafeInteger(size) && size >= 0);

/** Whether `leaf` stands at `index` in the tree with this size and root. False also for sizes that cannot be. */
export function isIncluded(
  claim: { leaf: Uint8Array; index: number; size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
  crypto: Hasher,
): boolean {
  if (!areSizes(claim.index, claim.size) || claim.index >= claim.size) return false;
  let at = claim.index;
  let last = claim.size - 1;
  let hash = claim.leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = nodeHash(sibling, hash, crypto);
      while (!isOdd(at) && at !== 0) {
        at = halved(at);
        last = halved(last);
      }
    } else {
      hash = nodeHash(hash, sibling, crypto);
    }
    at = halved(at);
    last = halved(last);
  }
  return last === 0 && equalBytes(hash, claim.root);
}

interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Whether `later` is `earlier` with leaves appended. Everything extends the empty tree; that needs no proof. */
export function isExtension(
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Uint8Array[],
  crypto: Hasher,
): boolean {
  if (!areSizes(earlier.size, later.size) || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && equalBytes(earlier.root, later.root);
  if (earlier.size === 0) return proof.length === 0;
  let at = earlier.size - 1;
  let last = later.size - 1;
  while (isOdd(at)) {
    at = halved(at);
    last = halved(last);
  }
  // Zero here: the earlier tree is one full subtree, whose hash the proof leaves out because it is the earlier root.
  const hashes = at === 0 ? [earlier.root, ...proof] : [...proof];
  const first = hashes.shift();
  if (first === undefined) return false;
  let earlierHash = first;
  let laterHash = first;
  for (const hash of hashes) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      earlierHash = nodeHash(hash, earlierHash, crypto);
      laterHash = nodeHash(hash, laterHash, crypto);
      while (!isOdd(at) && at !== 0) {
        at = halved(at);
        last = halved(last);
      }
    } else {
      laterHash = nodeHash(laterHash, hash, crypto);
    }
    at = halved(at);
    last = halved(last);
  }
  return last === 0 && equalBytes(earlierHash, earlier.root) && equalBytes(laterHash, later.root);
}
