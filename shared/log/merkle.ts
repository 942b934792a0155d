import { fromHex, utf8 } from '../kernel/bytes.ts';
import type { Placement } from './checkpoint.ts';
import type { LogCrypto } from './log-crypto.ts';

// The Merkle tree of RFC 9162 section 2.1 over a clinic's order. Only nodes over a full power of two of leaves are ever
// stored: they never change. Level 0 are the leaves; node (level, index) covers the leaves from index · 2^level on.

type Hasher = Pick<LogCrypto, 'sha256'>;

export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

export interface TreeNode extends NodePlace {
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** What is needed to append: one node for each bit of the size. A value; appending makes a new one. */
export interface Frontier {
  readonly size: number;
  /** As `frontierPlaces(size)`: from the largest subtree to the smallest. */
  readonly hashes: readonly Uint8Array[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** Leaf hash of an entry: SHA-256 over 0x00, h, effTs and recvAt (both 64-bit big-endian); 32 bytes. */
export function leafHash({ h, effTs, recvAt }: Omit<Placement, 'index'>, crypto: Hasher): Uint8Array {
  const data = new Uint8Array(49);
  data.set(fromHex(h), 1);
  const view = new DataView(data.buffer);
  setUint64(view, 33, effTs);
  setUint64(view, 41, recvAt);
  return crypto.sha256(data);
}

// Without BigInt, which would make a million leaves slow.
function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value % 2 ** 32);
}

/** What is hashed at once: bytes of its own for each node would take longer to get than to hash. */
const nodeData = new Uint8Array(65).fill(1, 0, 1);

/** SHA-256 over 0x01 and both children. */
export function nodeHash(left: Uint8Array, right: Uint8Array, crypto: Hasher): Uint8Array {
  nodeData.set(left, 1);
  nodeData.set(right, 33);
  return crypto.sha256(nodeData);
}

/**
 * The stored nodes that make up the leaves `begin` to `end` (exclusive), from left to right; `begin` must be a multiple of
 * the largest power of two in the length, as every subtree of the RFC's is.
 */
export function rangePlaces(begin: number, end: number): NodePlace[] {
  const places: NodePlace[] = [];
  let from = begin;
  while (from < end) {
    let level = 0;
    while (2 ** (level + 1) <= end - from) level++;
    places.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return places;
}

/** The nodes to load in order to go on appending to a tree of this size. */
export function frontierPlaces(size: number): NodePlace[] {
  return rangePlaces(0, size);
}

/**
 * @param hashes those of `frontierPlaces(size)`, in that order
 * @throws TypeError when there are more or fewer
 */
export function frontierOf(size: number, hashes: readonly Uint8Array[]): Frontier {
  if (hashes.length !== frontierPlaces(size).length) {
    throw new TypeError(`a tree of ${size} leaves has other nodes than the ${hashes.length} given`);
  }
  return { size, hashes };
}

/**
 * Appends leaf hashes. `nodes` are all that came to be, leaves included, children before parents: whoever keeps them
 * never computes one again.
 */
export function appendLeaves(
  frontier: Frontier,
  leaves: readonly Uint8Array[],
  crypto: Hasher,
): { frontier: Frontier; nodes: TreeNode[] } {
  const hashes = [...frontier.hashes];
  const nodes: TreeNode[] = [];
  let size = frontier.size;
  for (const leaf of leaves) {
    let hash = leaf;
    let index = size;
    let level = 0;
    nodes.push({ level, index, hash });
    while (index % 2 === 1) {
      hash = nodeHash(hashes.pop()!, hash, crypto);
      index = (index - 1) / 2;
      level++;
      nodes.push({ level, index, hash });
    }
    hashes.push(hash);
    size++;
  }
  return { frontier: { size, hashes }, nodes };
}

/** The hash over subtrees that stand side by side, from the largest to the smallest. */
export function joinSubtrees(hashes: readonly Uint8Array[], crypto: Hasher): Uint8Array {
  return hashes.reduceRight((right, left) => nodeHash(left, right, crypto));
}

/** 32 bytes; that of an empty tree is SHA-256 of nothing. */
export function rootOf(frontier: Frontier, crypto: Hasher): Uint8Array {
  return frontier.size === 0 ? crypto.sha256(utf8('')) : joinSubtrees(frontier.hashes, crypto);
}
