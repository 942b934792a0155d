import { huntingGround } from './hunt-mutant.ts';
import type { SimulationOptions } from './seed-report.ts';

/** Failures that were found here once, by a seed that fails again when what was mended is taken out. */
export const pastFailures: readonly {
  readonly symptom: string;
  readonly seed: number;
  readonly options: SimulationOptions;
}[] = [
  {
    symptom: 'a restored hub never gets back the content of an entry that came without it',
    seed: 1,
    options: huntingGround,
  },
];

/** Planted bugs of every part, with the first seed that notices them and the rule by which. */
export const knownCatches: readonly {
  readonly name: string;
  readonly seed: number;
  readonly invariant: string;
}[] = [
  { name: 'page-over-own-entry', seed: 1, invariant: 'a chain of the own is never cut' },
  { name: 'page-for-another-cursor', seed: 1, invariant: 'cursors only grow' },
];
