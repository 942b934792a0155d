import type { Mutant } from './mutant.ts';
import { runSeeds } from './run-seeds.ts';
import type { SimulationOptions } from './seed-report.ts';

/** Small worlds, in which a bug that shows at all shows soon. */
export const huntingGround: SimulationOptions = { devices: 4, ops: 15, store: 'memory' };

export const mostHuntedSeeds = 200;

export interface Catch {
  /** Null: no seed up to the last noticed. */
  readonly seed: number | null;
  readonly invariant: string;
}

/** Runs worlds with the bug in them until a rule is violated. */
export async function huntMutant(
  { name }: Mutant,
  { from = 1, seeds = mostHuntedSeeds, workers = 1 } = {},
): Promise<Catch> {
  let caught: Catch = { seed: null, invariant: '' };
  const numbers = Array.from({ length: seeds }, (_, index) => from + index);
  await runSeeds(numbers, { ...huntingGround, mutant: name, workers }, ({ seed, violation }) => {
    if (violation !== undefined) caught = { seed, invariant: violation.invariant };
    return violation === undefined;
  });
  return caught;
}
