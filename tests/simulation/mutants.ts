import type { Mutant } from './mutant.ts';
import { deviceMutants } from './mutants-of-devices.ts';
import { foldMutants } from './mutants-of-the-fold.ts';
import { hubMutants } from './mutants-of-the-hub.ts';

/** The rules that the simulation checks are only worth something if they notice these. */
export const mutants: readonly Mutant[] = [...deviceMutants, ...foldMutants, ...hubMutants];
