import type { Dice } from '../property/dice.ts';

/** Everything that goes wrong here on purpose. A campaign in which one of them never occurred has not looked there. */
export const faultKinds = [
  'request lost',
  'reply lost',
  'sent twice',
  'reordered',
  'after token expiry',
  'reply cut short',
  'slow down (429)',
  'unavailable (503)',
  'clock jump',
  'device crash',
  'hub crash',
  'device full',
  'hub disk full',
  'two tabs',
  'profile restored',
  'profile copied',
  'hub restored',
  'hub restored before a push',
  'hub restored behind a push',
  'window frozen',
  'older client',
  'device revoked offline',
  'role changed offline',
  'hostile entries',
  'malformed push',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type FaultCounts = Record<FaultKind, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;
}

/** Decides what goes wrong, until it is told to stop, and counts it. */
export class Faults {
  readonly counts: FaultCounts = noFaults();
  readonly #dice: Dice;
  #stopped = true;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Nothing goes wrong before. */
  start(): void {
    this.#stopped = false;
  }

  /** From now on everything goes well. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Counts it when it happens; so ask only where it can be done. */
  strikes(kind: FaultKind, probability: number): boolean {
    if (this.#stopped || !this.#dice.chance(probability)) return false;
    this.counts[kind] += 1;
    return true;
  }

  count(kind: FaultKind): void {
    this.counts[kind] += 1;
  }
}
