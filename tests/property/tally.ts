import { describeThrown } from '../../shared/kernel/errors.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { checkGradient } from './check-gradient.ts';
import type { Verdict } from './judge-gradient.ts';
import type { RandomNetwork } from './random-networks.ts';

export interface Counts {
  accepted: number;
  /** By reason. */
  discarded: Partial<Record<string, number>>;
  /** How many accepted networks had each operator. */
  occurrences: Partial<Record<string, number>>;
}

/** What a number of random networks came to. */
export class Tally {
  readonly counts: Counts;

  constructor(counts: Counts = { accepted: 0, discarded: {}, occurrences: {} }) {
    this.counts = counts;
  }

  get discarded(): number {
    return Object.values(this.counts.discarded).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }

  /** Of all networks that were looked at. */
  get discardedShare(): number {
    return this.discarded / Math.max(1, this.discarded + this.counts.accepted);
  }

  get operators(): ReadonlySet<string> {
    return new Set(Object.keys(this.counts.occurrences));
  }

  /**
   * Checks one more network.
   * @param name by which it can be made again
   * @throws Error with its operations, when its gradient is wrong or cannot be computed
   */
  async check(
    name: string,
    network: RandomNetwork,
    seed: number,
    start: StartSession,
  ): Promise<Verdict['kind']> {
    const verdict = await checkGradient(network, seed, start).catch((cause: unknown): Verdict => {
      return { kind: 'differs', reason: describeThrown(cause) };
    });
    const { accepted, discarded, occurrences } = this.counts;
    if (verdict.kind === 'differs') {
      throw new Error(`${name}: ${verdict.reason}\n${network.operations.join('\n')}`);
    }
    if (verdict.kind === 'discarded') {
      discarded[verdict.reason] = (discarded[verdict.reason] ?? 0) + 1;
      return verdict.kind;
    }
    this.counts.accepted = accepted + 1;
    for (const each of network.occurrences) occurrences[each] = (occurrences[each] ?? 0) + 1;
    return verdict.kind;
  }
}
