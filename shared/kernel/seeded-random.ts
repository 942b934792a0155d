/**
 * Numerical Recipes' 32-bit linear congruential generator, 0 ≤ value < 1: poor randomness, but the same everywhere to the
 * bit, so that results and reference values can be repeated.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
