/** Milliseconds; a clinic behind a bad line comes back within a minute of it. */
const shortestMs = 1000;
const longestMs = 60_000;

/**
 * How long to wait before trying again: doubled with each failure, with half of it left to chance, so that a hundred devices
 * do not come back in the same second. Never shorter than the hub asked for.
 * @param failures in a row, from 1
 * @param random from 0 to 1
 * @param retryAfterMs what the hub asked for
 */
export function backOffMs(failures: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(longestMs, shortestMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(retryAfterMs, Math.round(full * (0.5 + random / 2)));
}
