import type { HubLog } from '../store/hub-log-api.ts';

/**
 * Refusals are counted and written once an hour, one entry for each person or address: a log that grew with every guess
 * could be filled by guessing.
 */
export interface Denials {
  /** @param who a user's id, or the blind index of an address */
  note(denial: {
    readonly clinic: string;
    readonly actor: string;
    readonly who: string;
    readonly why: string;
  }): void;
  /** Writes what has been counted. Called on the hour and before the hub stops. */
  flush(): Promise<void>;
}

/** Beyond it the rest of the hour is counted together. */
const mostKeys = 5000;
const mostReasons = 20;
const mostAtOnce = 500;
const others = 'others';

interface Counted {
  readonly clinic: string;
  readonly actor: string;
  readonly who: string;
  readonly counts: Map<string, number>;
}

export function createDenials(hubLog: HubLog, now: () => number): Denials {
  let counted = new Map<string, Counted>();

  return {
    note({ clinic, actor, who, why }) {
      const key = (subject: string): string => `${clinic} ${actor} ${subject}`;
      const isRoom = counted.has(key(who)) || counted.size < mostKeys;
      const subject = isRoom ? who : others;
      const denial = counted.get(key(subject)) ?? { clinic, actor, who: subject, counts: new Map() };
      const reason = denial.counts.has(why) || denial.counts.size < mostReasons ? why : others;
      denial.counts.set(reason, (denial.counts.get(reason) ?? 0) + 1);
      counted.set(key(subject), denial);
    },

    async flush() {
      const due = counted;
      counted = new Map();
      const clinics = Map.groupBy(due.values(), ({ clinic }) => clinic);
      for (const [clinic, denials] of clinics) {
        const facts = denials.map(({ actor, who, counts }) => ({
          kind: 'audit.denied',
          entity: who,
          actor,
          body: { at: now(), counts: Object.fromEntries(counts) },
        }));
        for (let at = 0; at < facts.length; at += mostAtOnce) {
          await hubLog.append(clinic, facts.slice(at, at + mostAtOnce));
        }
      }
    },
  };
}
