import type { Fact } from '../hub-log-api.ts';
import type { TakenEntry } from './check-push.ts';
import type { Fork } from './find-forks.ts';

/** Clocks that are further ahead than this are told of. */
export const mostSkewMs = 5 * 60_000;

const hourMs = 3_600_000;
const mostRemembered = 10_000;

/** What the hub says itself of the entries that it takes: forks, each once, and wrong clocks, once for each device and hour. */
export function createGroupFacts() {
  const told = new Set<string>();
  return (taken: readonly TakenEntry[], forks: readonly Fork[], now: number): Fact[] => {
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
    for (const [device, skewMs] of ahead) {
      const key = `${device}/${Math.floor(now / hourMs)}`;
      if (told.has(key)) continue;
      if (told.size >= mostRemembered) told.clear();
      told.add(key);
      facts.push({
        kind: 'audit.clock-skew',
        entity: device,
        actor: 'hub',
        body: { at: now, counts: { minutes: Math.round(skewMs / 60_000) } },
      });
    }
    return facts;
  };
}
