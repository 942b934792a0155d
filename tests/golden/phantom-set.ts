import type { PhantomOptions } from '../../shared/imaging/phantom.ts';

/** The phantoms that PyTorch has read; other sizes and proportions, with and without a shadow. */
export const phantomSet: readonly Required<PhantomOptions>[] = [
  { width: 640, height: 576, seed: 1, opacity: false },
  { width: 640, height: 576, seed: 1, opacity: true },
  { width: 301, height: 357, seed: 2, opacity: true },
  { width: 144, height: 130, seed: 3, opacity: false },
];
