// A hybrid logical clock (Kulkarni et al. 2014): as close to the wall clock as that goes forward, and never behind what was
// written or seen before. Nothing is refused for its time; the hub decides what counts for the order.

/** Milliseconds, counter. */
export type Timestamp = readonly [number, number];

const latest = 253_402_300_799_999;

/** The time of the next entry. @param now the wall clock, milliseconds; it may jump either way */
export function tick(last: Timestamp | null, now: number): [number, number] {
  const wall = Math.min(Math.max(Math.floor(now), 0), latest);
  if (last === null || wall > last[0]) return [wall, 0];
  return [last[0], last[1] + 1];
}

/** The clock after an entry was seen to which the hub gave this time: later ones of this device come after it. */
export function observe(last: Timestamp | null, effTs: number): Timestamp {
  return last === null || effTs > last[0] ? [effTs, 0] : last;
}

export function laterOf(a: Timestamp | null, b: Timestamp): Timestamp {
  return a === null || b[0] > a[0] || (b[0] === a[0] && b[1] > a[1]) ? b : a;
}
