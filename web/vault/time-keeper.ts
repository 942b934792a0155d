import type { SealedItem } from './sealed-item.ts';

/**
 * The time for whatever ends by time. It never goes back: a clock that is set back does not make a leave longer, for the
 * latest time that was seen is kept, sealed, and goes on with a clock that nobody can set while the program runs.
 */
export interface TimeKeeper {
  /** Milliseconds since 1970; `Infinity` where what was kept is gone, until the hub has told the time. */
  now(): number;
  /** After a while, and whenever the time matters. */
  keep(): Promise<void>;
  /** The hub's time, just now. */
  learn(hubMs: number): Promise<void>;
}

export interface TimeParts {
  readonly item: SealedItem<{ at: number }>;
  readonly wall: () => number;
  readonly monotonic: () => number;
}

export async function openTimeKeeper({ item, wall, monotonic }: TimeParts): Promise<TimeKeeper> {
  const kept = await item.read();
  let mark = kept?.at ?? Infinity;
  let since = monotonic();

  const now = (): number => Math.floor(Math.max(wall(), mark + (monotonic() - since)));
  const keep = async (): Promise<void> => {
    if (Number.isFinite(now())) await item.write({ at: now() });
  };
  return {
    now,
    keep,
    async learn(hubMs) {
      mark = hubMs;
      since = monotonic();
      await keep();
    },
  };
}
