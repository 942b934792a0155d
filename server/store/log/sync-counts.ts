import type { Fact, Member } from '../hub-log-api.ts';

/**
 * Sync is audited in the aggregate: one entry for each device, person and hour. One for each pull would be new to every
 * device, which would pull again, and sync would never settle.
 */
export interface SyncCounts {
  add(member: Member, counts: Readonly<Record<string, number>>, now: number): void;
  /** Removes and returns the facts of hours that are over, or of all. */
  take(clinic: string, now: number): readonly Fact[];
  takeAll(): ReadonlyMap<string, readonly Fact[]>;
}

interface Counted {
  readonly member: Member;
  readonly hour: number;
  readonly counts: Record<string, number>;
}

const hourMs = 3_600_000;

function factOf({ member, hour, counts }: Counted): Fact {
  return {
    kind: 'audit.synced',
    entity: member.device ?? 'none',
    actor: member.userId,
    body: { at: hour * hourMs, counts },
  };
}

export function createSyncCounts(): SyncCounts {
  const counted = new Map<string, Counted>();
  const takeThose = (isTaken: (one: Counted) => boolean): Counted[] => {
    const taken: Counted[] = [];
    for (const [key, one] of counted) {
      if (!isTaken(one)) continue;
      taken.push(one);
      counted.delete(key);
    }
    return taken;
  };
  return {
    add(member, counts, now) {
      const hour = Math.floor(now / hourMs);
      const key = `${member.clinic}/${member.device}/${member.userId}/${hour}`;
      const one = counted.get(key) ?? { member, hour, counts: {} };
      counted.set(key, one);
      for (const [name, count] of Object.entries(counts)) {
        if (count > 0) one.counts[name] = (one.counts[name] ?? 0) + count;
      }
    },
    take(clinic, now) {
      const hour = Math.floor(now / hourMs);
      return takeThose((one) => one.member.clinic === clinic && one.hour < hour).map(factOf);
    },
    takeAll() {
      const all = takeThose(() => true);
      const byClinic = Map.groupBy(all, ({ member }) => member.clinic);
      return new Map([...byClinic].map(([clinic, those]) => [clinic, those.map(factOf)]));
    },
  };
}
