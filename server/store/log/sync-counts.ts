import type { Fact, Member } from '../hub-log-api.ts';

/**
 * Sync is audited in the aggregate: one entry for each device, person and hour. One for each pull would be new to every
 * device, which would pull again, and sync would never settle.
 */
export interface SyncCounts {
  add(member: Member, counts: Readonly<Record<string, number>>, now: number): void;
  /** Takes out a clinic's hours that are over before `now`. */
  take(clinic: string, now: number): TakenCounts;
  /** Clinics of which anything is counted. */
  clinics(): readonly string[];
}

export interface TakenCounts {
  readonly facts: readonly Fact[];
  /** They could not be written down: they are counted again. */
  giveBack(): void;
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
  const addTo = ({ member, hour, counts }: Counted): void => {
    const key = `${member.clinic}/${member.device}/${member.userId}/${hour}`;
    const one = counted.get(key) ?? { member, hour, counts: {} };
    counted.set(key, one);
    for (const [name, count] of Object.entries(counts)) {
      if (count > 0) one.counts[name] = (one.counts[name] ?? 0) + count;
    }
  };
  return {
    add: (member, counts, now) => addTo({ member, hour: Math.floor(now / hourMs), counts: { ...counts } }),
    take(clinic, now) {
      const taken: Counted[] = [];
      for (const [key, one] of counted) {
        if (one.member.clinic !== clinic || (one.hour + 1) * hourMs > now) continue;
        taken.push(one);
        counted.delete(key);
      }
      return { facts: taken.map(factOf), giveBack: () => taken.forEach(addTo) };
    },
    clinics: () => [...new Set([...counted.values()].map(({ member }) => member.clinic))],
  };
}
