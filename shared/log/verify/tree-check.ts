import { fromBase64Url, toHex } from '../../kernel/bytes.ts';
import { type Checkpoint, checkpointMessage } from '../checkpoint.ts';
import type { Entry } from '../entry.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf, type Frontier } from '../merkle.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { Findings } from './findings.ts';
import type { SignatureChecks } from './signature-checks.ts';

/** A stretch of the order in which an entry must be wrong. */
interface Stretch {
  readonly index: number;
  readonly before: number;
}

type Claim = NonNullable<Entry['seen']>;

/** The tree of the file's order, and what the hub, devices and receipts say about it. */
export interface TreeCheck {
  append(place: { h: string; effTs: number; recvAt: number }): void;
  /** A line in which nothing can be read: the roots from here on cannot be checked. */
  lose(): void;
  checkpoint(checkpoint: Checkpoint, line: number): Promise<void>;
  /** What somebody else says that the hub signed. `lost`: of a life of the hub that a restore ended, so it cannot be judged. */
  judge(claim: Claim): 'same' | 'future' | 'unknown' | 'other' | 'lost';
  /** Behind the last entry and after all signatures. */
  finish(): void;
  readonly epochs: number;
  /** How many claims were `lost`. */
  readonly lostClaims: number;
  /** Where the last entry was that somebody agrees on, at most `size`. */
  stretchBelow(size: number): Stretch;
}

interface Seen {
  readonly size: number;
  readonly line: number;
  readonly matches: boolean;
  isSigned: boolean;
}

export function createTreeCheck(
  { clinic, rootKey, currentEpoch }: { clinic: string; rootKey: Uint8Array; currentEpoch: string },
  crypto: LogCrypto,
  findings: Findings,
  signatures: SignatureChecks,
): TreeCheck {
  let frontier: Frontier = emptyFrontier;
  let isLost = false;
  let agreed = 0;
  let lostClaims = 0;
  const rootAt = new Map<number, string>();
  /** Where each epoch's last checkpoint stands; the one that goes on is the last. */
  const endOf = new Map<string, number>();
  let epoch: string | undefined;
  const seen: Seen[] = [];

  function verdictOn({ epoch: of, size, root }: Claim): ReturnType<TreeCheck['judge']> {
    // Where nothing can be said because a line is broken, nothing is.
    if (isLost) return 'same';
    if (!endOf.has(of)) return of === currentEpoch ? 'future' : 'lost';
    const isCurrent = of === epoch;
    if (isCurrent && size > frontier.size) return 'future';
    const known = size === 0 ? toHex(crypto.sha256(new Uint8Array())) : rootAt.get(size);
    if (known === root) return 'same';
    // A hub that was restored goes on in its old life until somebody tells it: two orders of one life, both honest.
    if (!isCurrent) return 'lost';
    return known === undefined ? 'unknown' : 'other';
  }

  return {
    get epochs() {
      return endOf.size;
    },
    get lostClaims() {
      return lostClaims;
    },
    append(place) {
      if (isLost) frontier = { ...frontier, size: frontier.size + 1 };
      else frontier = appendLeaves(frontier, [leafHash(place, crypto)], crypto).frontier;
    },
    lose() {
      isLost = true;
      frontier = { ...frontier, size: frontier.size + 1 };
    },
    async checkpoint(checkpoint, line) {
      const { size, root } = checkpoint;
      if (checkpoint.clinic !== clinic) findings.add({ code: 'checkpoint.clinic', line });
      const check = crypto.verify(rootKey, fromBase64Url(checkpoint.sig), checkpointMessage(checkpoint));
      if (size !== frontier.size && !isLost) {
        const missing = size > frontier.size ? 1 : 0;
        const stretch = { index: seen.at(-1)?.size ?? 0, before: frontier.size + missing };
        await signatures.add(check, (isSound) => {
          findings.add({ code: 'checkpoint.place', line, ...(isSound && stretch) });
        });
        return;
      }
      if (epoch !== checkpoint.epoch && endOf.has(checkpoint.epoch)) {
        findings.add({ code: 'checkpoint.epoch', line });
      }
      epoch = checkpoint.epoch;
      endOf.set(epoch, size);
      const matches = isLost || toHex(rootOf(frontier, crypto)) === root;
      if (matches && !isLost) rootAt.set(size, root);
      const remembered: Seen = { size, line, matches, isSigned: false };
      seen.push(remembered);
      await signatures.add(check, (isSound) => {
        remembered.isSigned = isSound;
        if (!isSound) findings.add({ code: 'checkpoint.signature', line });
      });
    },
    judge(claim) {
      const verdict = verdictOn(claim);
      if (verdict === 'same') agreed = Math.max(agreed, claim.size);
      if (verdict === 'lost') lostClaims++;
      return verdict;
    },
    stretchBelow: (size) => ({ index: agreed < size ? agreed : 0, before: size }),
    finish() {
      const signed = seen.filter(({ isSigned }) => isSigned);
      const wrong = signed.find(({ matches }) => !matches);
      if (wrong !== undefined) {
        const good = signed.findLast(({ size, matches }) => matches && size < wrong.size);
        const index = good?.size ?? 0;
        findings.add({ code: 'tree.root', line: wrong.line, index, before: Math.max(wrong.size, index + 1) });
      }
      const last = signed.at(-1)?.size ?? 0;
      if (last < frontier.size) findings.add({ code: 'tree.uncovered', index: last, before: frontier.size });
      if (epoch !== undefined && epoch !== currentEpoch) findings.add({ code: 'checkpoint.epoch', line: 1 });
    },
  };
}
