import type { Fact } from '../hub-log-api.ts';
import type { TakenEntry } from './check-push.ts';
import type { Fork } from './find-forks.ts';

/** Clocks that are further ahead than this are told of. */
export const mostSkewMs = 5 * 60_000;

const hourMs = 3_600_000;
const mostRemembered = 10_000;

export interface GroupFacts {
  readonly facts: readonly Fact[];
  /** What has been told with them, once they are stored. */
  readonly told: ReadonlySet<string>;
}

/** What the hub says itself of the entries that it takes: forks, each once, and wrong clocks, once for each device and hour. */
export function createGroupFacts() {
  const known = new Set<string>();
  return {
    /** @param before what the group before tells, which is being stored */
    of(
      taken: readonly TakenEntry[],
      forks: readonly Fork[],
      { now, before }: { readonly now: number; readonly before: ReadonlySet<string> },
    ): GroupFacts {
      const facts: Fact[] = forks.map(({ device, n, hs }) => ({
        kind: 'device.forked',
        entity: device,
        actor: 'hub',
        body: { n, hs: [...hs] },
      }));
      const ahead = new Map<string, number>();
      for (const { entry } of taken) {
        const skew = entry.ts[0] - now;
        if (skew > mostSkewMs) ahead.set(entry.device, Math.max(skew, ahead.get(entry.device) ?? 0));
      }
      const told = new Set<string>();
      for (const [device, skewMs] of ahead) {
        const key = `${device}/${Math.floor(now / hourMs)}`;
        if (known.has(key) || before.has(key)) continue;
        told.add(key);
        facts.push({
          kind: 'audit.clock-skew',
          entity: device,
          actor: 'hub',
          body: { at: now, counts: { minutes: Math.round(skewMs / 60_000) } },
        });
      }
      return { facts, told };
    },
    stored(told: ReadonlySet<string>): void {
      if (known.size >= mostRemembered) known.clear();
      for (const key of told) known.add(key);
    },
  };
}
