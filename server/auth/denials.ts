import type { Fact, HubLog } from '../store/hub-log-api.ts';

/** Somebody was refused something. */
export interface Denial {
  readonly clinic: string;
  /** A user's id; `hub` where nobody was signed in. */
  readonly actor: string;
  /** A user's id, or the blind index of an address. */
  readonly who: string;
  readonly why: string;
}

/**
 * Refusals are counted and written once an hour, one entry for each person or address: a log that grew with every guess
 * could be filled by guessing.
 */
export interface Denials {
  note(denial: Denial): void;
  /** Writes what has been counted. Called on the hour and before the hub stops. What cannot be written is counted on. */
  flush(): Promise<void>;
}

/** Beyond them the rest of the hour is counted together. */
const mostKeys = 5000;
const mostReasons = 20;
const others = 'others';
const mostAtOnce = 500;

type Counted = Omit<Denial, 'why'> & { readonly counts: Map<string, number> };

const keyOf = ({ clinic, actor, who }: Omit<Denial, 'why'>): string => `${clinic} ${actor} ${who}`;

export function createDenials(hubLog: HubLog, now: () => number): Denials {
  const counted = new Map<string, Counted>();

  function add({ clinic, actor, who: wanted, why }: Denial, times: number): void {
    const isKnown = counted.has(keyOf({ clinic, actor, who: wanted }));
    const who = isKnown || counted.size < mostKeys ? wanted : others;
    const known = counted.get(keyOf({ clinic, actor, who })) ?? { clinic, actor, who, counts: new Map() };
    const reason = known.counts.has(why) || known.counts.size < mostReasons ? why : others;
    known.counts.set(reason, (known.counts.get(reason) ?? 0) + times);
    counted.set(keyOf(known), known);
  }

  const factOf = ({ actor, who, counts }: Counted): Fact => ({
    kind: 'audit.denied',
    entity: who,
    actor,
    body: { at: now(), counts: Object.fromEntries(counts) },
  });

  async function write(clinic: string, denials: readonly Counted[]): Promise<void> {
    // Taken out first: what is noted while the log writes belongs to the next hour.
    for (const denial of denials) counted.delete(keyOf(denial));
    try {
      await hubLog.append(clinic, denials.map(factOf));
    } catch (error) {
      for (const { counts, ...denial } of denials) {
        for (const [why, times] of counts) add({ ...denial, why }, times);
      }
      throw error;
    }
  }

  return {
    note: (denial) => add(denial, 1),
    async flush() {
      for (const [clinic, denials] of Map.groupBy(counted.values(), (denial) => denial.clinic)) {
        for (let at = 0; at < denials.length; at += mostAtOnce) {
          await write(clinic, denials.slice(at, at + mostAtOnce));
        }
      }
    },
  };
}
