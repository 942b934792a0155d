import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex, utf8 } from '../kernel/bytes.ts';
import { isExtension, isIncluded } from './check-proof.ts';
import { planConsistency, planInclusion, proofFrom, type ProofPlan } from './merkle-proofs.ts';
import {
  appendLeaves,
  emptyFrontier,
  frontierOf,
  frontierPlaces,
  leafHash,
  rootOf,
  type NodePlace,
} from './merkle.ts';

const crypto = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
const seed = 20260101;

const leaf = (index: number): Uint8Array =>
  leafHash({ h: index.toString(16).padStart(64, '0'), effTs: index * 1000, recvAt: 2 ** 45 + index }, crypto);
const leaves = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => leaf(index));

/** MTH as section 2.1.1 writes it, from the leaf hashes. */
function plainRoot(of: readonly Uint8Array[]): Uint8Array {
  if (of.length === 0) return crypto.sha256(new Uint8Array());
  if (of.length === 1) return of[0]!;
  const half = 2 ** Math.ceil(Math.log2(of.length) - 1);
  return crypto.sha256(
    concatBytes(Uint8Array.of(1), plainRoot(of.slice(0, half)), plainRoot(of.slice(half))),
  );
}

const placeKey = ({ level, index }: NodePlace): string => `${level}/${index}`;

function stored(count: number): (place: NodePlace) => Uint8Array {
  const nodes = new Map(
    appendLeaves(emptyFrontier, leaves(count), crypto).nodes.map((node) => [placeKey(node), node.hash]),
  );
  return (place) => nodes.get(placeKey(place)) ?? expect.fail(`no node ${placeKey(place)} was stored`);
}

const proof = (plan: ProofPlan, count: number): Uint8Array[] => proofFrom(plan, stored(count), crypto);
const head = (size: number) => ({ size, root: plainRoot(leaves(size)) });

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
  return copy;
}

describe('the tree', () => {
  it('hashes a leaf over its name and both times', () => {
    const h = '0b'.repeat(32);
    const data = concatBytes(Uint8Array.of(0), fromHex(h), fromHex('0000018bcfe568000000018bcfe56801'));
    const place = { h, effTs: 0x18bcfe56800, recvAt: 0x18bcfe56801 };
    expect(toHex(leafHash(place, crypto))).toBe(toHex(crypto.sha256(data)));
  });

  it('has the roots of RFC 9162 at every size, in whatever portions it grew', () => {
    let frontier = emptyFrontier;
    for (let size = 0; size <= 70; size++) {
      expect(toHex(rootOf(frontier, crypto))).toBe(toHex(plainRoot(leaves(size))));
      frontier = appendLeaves(frontier, [leaf(size)], crypto).frontier;
    }
    expect(appendLeaves(emptyFrontier, leaves(71), crypto).frontier).toEqual(frontier);
  });

  it('goes on from the nodes that were stored', () => {
    for (const size of [0, 1, 2, 3, 7, 8, 21, 64]) {
      const loaded = frontierOf(size, frontierPlaces(size).map(stored(size)));
      const grown = appendLeaves(loaded, leaves(70).slice(size), crypto).frontier;
      expect(toHex(rootOf(grown, crypto))).toBe(toHex(plainRoot(leaves(70))));
    }
    expect(() => frontierOf(3, [leaf(0)])).toThrow(TypeError);
  });

  it('yields every node once, children first', () => {
    const { nodes } = appendLeaves(emptyFrontier, leaves(13), crypto);
    const keys = nodes.map(placeKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(13 + 6 + 3 + 1);
    expect(keys.indexOf('1/2')).toBeGreaterThan(keys.indexOf('0/5'));
  });
});

describe('proofs', () => {
  it('show every leaf of every tree, and no other leaf, place or root', () => {
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const path = proof(planInclusion(index, size), size);
        const claim = { leaf: leaf(index), index, size, root: head(size).root };
        expect(isIncluded(claim, path, crypto)).toBe(true);
        expect(isIncluded({ ...claim, leaf: leaf(99) }, path, crypto)).toBe(false);
        expect(isIncluded({ ...claim, root: leaf(99) }, path, crypto)).toBe(false);
        expect(isIncluded({ ...claim, index: size }, path, crypto)).toBe(false);
        expect(isIncluded(claim, [...path, leaf(0)], crypto)).toBe(false);
        if (path.length > 0) expect(isIncluded(claim, path.slice(1), crypto)).toBe(false);
        for (let other = 0; other < size; other++) {
          if (other !== index) expect(isIncluded({ ...claim, index: other }, path, crypto)).toBe(false);
        }
      }
    }
  });

  it('show that every tree extends every earlier one', () => {
    for (let size = 0; size <= 20; size++) {
      for (let earlier = 0; earlier <= size; earlier++) {
        const path = proof(planConsistency(earlier, size), size);
        expect(isExtension(head(earlier), head(size), path, crypto)).toBe(true);
        expect(isExtension(head(earlier), head(size), [...path, leaf(0)], crypto)).toBe(false);
        if (earlier > 0 && earlier < size) {
          expect(isExtension({ ...head(earlier), root: leaf(99) }, head(size), path, crypto)).toBe(false);
          expect(isExtension(head(earlier), { ...head(size), root: leaf(99) }, path, crypto)).toBe(false);
          expect(isExtension(head(earlier), head(size), path.slice(1), crypto)).toBe(false);
          expect(isExtension(head(size), head(earlier), path, crypto)).toBe(false);
        }
      }
    }
  });

  it('fail with any bit flipped', () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), fc.nat());
    const property = fc.property(sizes, ([size, a, b, bit]) => {
      const index = a % size;
      const path = proof(planInclusion(index, size), size);
      const claim = { leaf: leaf(index), index, size, root: head(size).root };
      const at = b % path.length;
      const spoilt = path.map((hash, step) => (step === at ? flipped(hash, bit) : hash));
      expect(isIncluded(claim, path, crypto)).toBe(true);
      expect(isIncluded(claim, spoilt, crypto)).toBe(false);
      const earlier = 1 + (a % (size - 1));
      const growth = proof(planConsistency(earlier, size), size);
      const wrong = growth.map((hash, step) => (step === b % growth.length ? flipped(hash, bit) : hash));
      expect(isExtension(head(earlier), head(size), growth, crypto)).toBe(true);
      expect(isExtension(head(earlier), head(size), wrong, crypto)).toBe(false);
    });
    fc.assert(property, { seed, numRuns: 60 });
  });

  it('are not made for what is not there, and refuse sizes that are none', () => {
    expect(() => planInclusion(5, 5)).toThrow(TypeError);
    expect(() => planConsistency(6, 5)).toThrow(TypeError);
    expect(isIncluded({ leaf: leaf(0), index: -1, size: 1, root: leaf(0) }, [], crypto)).toBe(false);
    expect(isExtension({ size: 0.5, root: leaf(0) }, head(1), [], crypto)).toBe(false);
    expect(isExtension(head(0), head(3), [utf8('x')], crypto)).toBe(false);
  });

  it('take sizes beyond 32 bits', () => {
    const plan = planInclusion(2 ** 40 + 5, 2 ** 41);
    expect(plan.length).toBe(41);
    expect(plan[0]).toEqual([{ level: 0, index: 2 ** 40 + 4 }]);
  });
});
