import { activations } from './activations.ts';
import { arithmetic, steps } from './arithmetic.ts';
import type { Drawings } from './drawing.ts';
import { equations } from './equations.ts';
import { gathering } from './gathering.ts';
import { listing } from './lists.ts';
import { matrices } from './matrices.ts';
import { normalising } from './normalising.ts';
import { reducing } from './reducing.ts';
import { resizing } from './resizing.ts';
import { shapes } from './shapes.ts';
import { slicing } from './slicing.ts';
import { windows } from './windows.ts';

/** By family, and how often a family is chosen: what shrinks a network or bends it everywhere is rarer. */
export const families: readonly (readonly [drawings: Drawings, weight: number])[] = [
  [windows, 5],
  [activations, 4],
  [arithmetic, 3],
  [slicing, 3],
  [shapes, 3],
  [resizing, 2],
  [{ ...gathering, ...listing }, 2],
  [{ ...matrices, ...equations }, 2],
  [normalising, 2],
  [reducing, 1],
  [steps, 1],
];

export const allDrawings: Drawings = Object.fromEntries(
  families.flatMap(([drawings]) => Object.entries(drawings)),
);
