export interface PaceOptions {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Resolves when the event loop has gone round: answers were sent, timers ran, connections were read. */
  readonly nextTurn: () => Promise<void>;
}

/** What requests compute at their beginning within one turn of the event loop: reading, parsing, hashing. */
const mostMs = 2;

/**
 * For hosts where all requests share one thread: of a thousand that arrive at once, each begins when those before it have
 * begun, and the event loop goes round in between. Otherwise the thread would compute for all of them before it sent the
 * first answer.
 * @returns waited for by each request; one that comes alone waits for one turn at most
 */
export function createPace({ now, nextTurn }: PaceOptions): () => Promise<void> {
  let turnBegan = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();

  async function begin(before: Promise<void>): Promise<void> {
    await before;
    if (now() - turnBegan < mostMs) return;
    await nextTurn();
    turnBegan = now();
  }

  return () => (last = begin(last));
}
