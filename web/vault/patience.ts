import { z } from 'zod';
import type { VaultStore } from '../data/vault-store.ts';

/** How many wrong passwords in a row cost nothing. */
const freeAttempts = 3;
const firstDelayMs = 1000;
const longestDelayMs = 5 * 60_000;

/** After so many wrong passwords in a row. */
export function delayAfter(failures: number): number {
  if (failures < freeAttempts) return 0;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - freeAttempts));
}

/**
 * Who gives wrong passwords waits, longer each time. Failures are counted on the disk before a password is looked at, so that
 * killing the program saves none. The waiting is done by a clock that nobody can set, and anew after a restart.
 */
export interface Patience {
  /** Milliseconds until the next attempt may be made; 0 for now. */
  remaining(counter: string): Promise<number>;
  /** Before each attempt. */
  count(counter: string): Promise<void>;
  /** After one that failed: looking at it took time that is not waiting. */
  failed(counter: string): void;
  forgive(counter: string): Promise<void>;
}

const Failures = z.record(z.string(), z.int().nonnegative()).catch({});
const itemName = 'failures';

export function createPatience(store: VaultStore, monotonic: () => number): Patience {
  /** What this program knows of, and since when. */
  const known = new Map<string, { readonly failures: number; readonly since: number }>();

  const read = async (): Promise<Readonly<Record<string, number>>> =>
    Failures.parse(await store.get(itemName));

  function see(counter: string, failures: number): { readonly failures: number; readonly since: number } {
    const before = known.get(counter);
    // Another window may have counted: its delay begins when this one learns of it.
    if (before?.failures === failures) return before;
    const now = { failures, since: monotonic() };
    known.set(counter, now);
    return now;
  }

  // So that the waiting begins with the program and not with the first attempt.
  const started = read().then(
    (all) => Object.entries(all).forEach(([counter, failures]) => see(counter, failures)),
    () => undefined,
  );

  return {
    async remaining(counter) {
      await started;
      const { failures, since } = see(counter, (await read())[counter] ?? 0);
      return Math.max(0, delayAfter(failures) - (monotonic() - since));
    },
    async count(counter) {
      await started;
      let failures = 0;
      await store.update(itemName, (held) => {
        const all = Failures.parse(held);
        failures = (all[counter] ?? 0) + 1;
        return { ...all, [counter]: failures };
      });
      see(counter, failures);
    },
    failed(counter) {
      const failures = known.get(counter)?.failures ?? 0;
      known.set(counter, { failures, since: monotonic() });
    },
    async forgive(counter) {
      await store.update(itemName, (held) => {
        const { [counter]: _, ...others } = Failures.parse(held);
        return others;
      });
      known.delete(counter);
    },
  };
}
