import type { FaultCounts } from './faults.ts';

export interface SimulationOptions {
  readonly devices: number;
  /** For each device. */
  readonly ops: number;
  /** The hub's database. `memory`: Node's SQLite on a file that needs no disk. `libsql`: with the settings of production. `mixed`: every eighth seed. */
  readonly store: 'memory' | 'libsql' | 'mixed';
  /** A file for every event of the seed, a line each. */
  readonly journal?: string;
}

export const usualOptions: SimulationOptions = { devices: 8, ops: 40, store: 'mixed' };

export interface Violation {
  /** The rule that did not hold. */
  readonly invariant: string;
  readonly message: string;
  readonly lastEvents: readonly string[];
}

export type Tally = Readonly<Record<string, number>>;

/** What one seed came to. */
export interface SeedReport {
  readonly seed: number;
  /** SHA-256 over every event in order and the final state. */
  readonly digest: string;
  readonly events: number;
  /** Entries of the clinics at the end. */
  readonly entries: number;
  readonly operations: Tally;
  readonly faults: FaultCounts;
  readonly conflicts: Tally;
  /** How often each rule was looked at. */
  readonly checks: Tally;
  readonly violation?: Violation;
}

export function addTallies(a: Tally, b: Tally): Tally {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
