import type { LogCrypto } from './log-crypto.ts';
import { joinSubtrees, rangePlaces, type NodePlace } from './merkle.ts';

// Inclusion and consistency proofs (RFC 9162 sections 2.1.3.1 and 2.1.4.1) from stored nodes, in two steps, so that a store
// can fetch all that is needed at once: a plan names the nodes, `proofFrom` joins them.

/** For each hash of the proof, the stored nodes that it is made of, from left to right. */
export type ProofPlan = readonly (readonly NodePlace[])[];

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function checkSize(wanted: boolean, text: string): void {
  if (!wanted) throw new TypeError(text);
}

/**
 * That leaf `index` is in the tree of `size` leaves.
 * @throws TypeError when there is no such leaf
 */
export function planInclusion(index: number, size: number): ProofPlan {
  checkSize(index >= 0 && index < size, `a tree of ${size} leaves has no leaf ${index}`);
  const plan: NodePlace[][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      plan.unshift(rangePlaces(middle, end));
      end = middle;
    } else {
      plan.unshift(rangePlaces(begin, middle));
      begin = middle;
    }
  }
  return plan;
}

/**
 * That the tree of `size` leaves begins with the tree of the first `earlier` ones; empty for 0 and for equal sizes.
 * @throws TypeError when `earlier` is larger
 */
export function planConsistency(earlier: number, size: number): ProofPlan {
  checkSize(earlier >= 0 && earlier <= size, `a tree of ${size} leaves never had ${earlier}`);
  if (earlier === 0 || earlier === size) return [];
  const plan: NodePlace[][] = [];
  let begin = 0;
  let end = size;
  // The verifier knows the root of the earlier tree: as long as that is one subtree from the left edge, it needs no hash.
  while (end !== earlier) {
    const middle = begin + splitOf(end - begin);
    if (earlier <= middle) {
      plan.unshift(rangePlaces(middle, end));
      end = middle;
    } else {
      plan.unshift(rangePlaces(begin, middle));
      begin = middle;
    }
  }
  if (begin > 0) plan.unshift(rangePlaces(begin, end));
  return plan;
}

/**
 * @param lookUp the stored hash of a node; all that the plan names are asked for
 * @returns hashes of 32 bytes
 */
export function proofFrom(
  plan: ProofPlan,
  lookUp: (place: NodePlace) => Uint8Array,
  crypto: Pick<LogCrypto, 'sha256'>,
): Uint8Array[] {
  return plan.map((places) => joinSubtrees(places.map(lookUp), crypto));
}
