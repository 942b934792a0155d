/** Two kinds of work for one worker, which does one thing at a time. */
export interface Turns<Kind extends string> {
  /**
   * Runs `work` when it is its turn. Who has waited longest goes first, but where both kinds wait they alternate: neither
   * waits for more than one of the other, however many come.
   * @throws what `work` throws; the signal's reason when it is aborted before its turn
   */
  take<Result>(kind: Kind, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

interface Waiting<Kind> {
  readonly kind: Kind;
  readonly begin: () => void;
}

export function createTurns<Kind extends string>(): Turns<Kind> {
  const waiting = new Set<Waiting<Kind>>();
  let busy = false;
  let lastDone: Kind | undefined;

  function beginNext(): void {
    const all = [...waiting];
    const next = all.find(({ kind }) => kind !== lastDone) ?? all[0];
    if (next === undefined) return;
    waiting.delete(next);
    next.begin();
  }

  async function turnOf(kind: Kind, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!busy) {
      busy = true;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const entry: Waiting<Kind> = { kind, begin: turn.resolve };
    const giveUp = (): void => {
      // Once it has begun it is no longer among those who wait.
      if (waiting.delete(entry)) turn.reject(signal.reason);
    };
    waiting.add(entry);
    signal.addEventListener('abort', giveUp, { once: true });
    await turn.promise.finally(() => signal.removeEventListener('abort', giveUp));
  }

  return {
    async take(kind, signal, work) {
      await turnOf(kind, signal);
      try {
        return await work();
      } finally {
        lastDone = kind;
        busy = waiting.size > 0;
        beginNext();
      }
    },
  };
}
