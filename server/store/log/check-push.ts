import type { ErrorCode } from '../../../shared/kernel/errors.ts';
import type { Body, Entry, SignedHead } from '../../../shared/log/entry.ts';
import { kindRule } from '../../../shared/log/kinds.ts';
import type { NamedEntry, PreparedPush } from './prepare-push.ts';

/** What is known of an entry that is held, or taken earlier in the same group. */
interface Known {
  readonly device: string;
  readonly n: number;
}

export interface TakenEntry extends NamedEntry {
  readonly body: Body | null;
  /** The entry whose head covers this one. */
  readonly coveredBy: string;
  /** Of the entry itself, where its device signed just that one. */
  readonly head: SignedHead | null;
}

export interface CheckedPush {
  /** New ones, parents before children. */
  readonly taken: readonly TakenEntry[];
  /** Those that were there already. */
  readonly known: readonly NamedEntry[];
  readonly missingParents: readonly string[];
  readonly rejected: readonly { readonly h: string; readonly code: ErrorCode }[];
}

type Verdict = 'known' | 'good' | { readonly missing: string } | { readonly code: ErrorCode };

/** Only the hub's own word gives rights, and rights cannot be replayed without what it says; so it comes whole or not at all. */
function lacksWord({ kind, bodyHash }: Entry, hasBody: boolean): boolean {
  return kindRule(kind)?.writer === 'hub' && (bodyHash === null || !hasBody);
}

/**
 * Judges each entry of a push by itself: one that cannot be taken keeps back only those behind it in its own chain.
 * @param lookUp an entry of the clinic that is held already
 */
export function checkPush(
  push: PreparedPush,
  clinic: string,
  lookUp: (h: string) => Known | undefined,
): CheckedPush {
  const verdicts = new Map<string, Verdict>();
  const inPush = new Map(push.entries.map((named) => [named.h, named.entry]));

  function judge({ h, entry }: NamedEntry): Verdict {
    const { prev, n, device, bodyHash } = entry;
    if (entry.clinic !== clinic) return { code: 'sync.other-clinic' };
    if (lookUp(h) !== undefined) return 'known';
    if (push.falseWitnesses.has(h)) return { code: 'log.false-witness' };
    if ((prev === null) !== (n === 1)) return { code: 'log.bad-entry' };
    if (prev !== null) {
      const verdict = verdicts.get(prev);
      const parent = lookUp(prev) ?? inPush.get(prev);
      if (parent === undefined) return { missing: prev };
      if (parent.device !== device || parent.n !== n - 1) return { code: 'log.bad-entry' };
      if (typeof verdict === 'object') return 'missing' in verdict ? verdict : { code: 'log.missing-parent' };
    }
    if (bodyHash !== null && push.badBodies.has(bodyHash) && !push.bodies.has(bodyHash)) {
      return { code: 'log.bad-body' };
    }
    if (lacksWord(entry, bodyHash !== null && push.bodies.has(bodyHash))) return { code: 'log.bad-body' };
    return 'good';
  }
  for (const named of push.entries) verdicts.set(named.h, judge(named));

  // From the ends of the chains back to their beginnings: what a head vouches for, it vouches for with all before it.
  const cover = new Map<string, string>();
  for (const { h, entry } of push.entries.toReversed()) {
    if (verdicts.get(h) !== 'good') continue;
    const covering = push.heads.has(h) ? h : cover.get(h);
    if (covering === undefined) {
      verdicts.set(h, { code: push.forged.has(h) ? 'log.bad-signature' : 'log.unsigned' });
      continue;
    }
    cover.set(h, covering);
    if (entry.prev !== null && !cover.has(entry.prev)) cover.set(entry.prev, covering);
  }

  const taken: TakenEntry[] = [];
  const known: NamedEntry[] = [];
  const missingParents = new Set<string>();
  const rejected: { h: string; code: ErrorCode }[] = [];
  for (const named of push.entries) {
    const { h, entry } = named;
    const verdict = verdicts.get(h)!;
    if (verdict === 'known') known.push(named);
    else if (verdict === 'good') {
      const body = entry.bodyHash === null ? null : (push.bodies.get(entry.bodyHash) ?? null);
      taken.push({ ...named, body, coveredBy: cover.get(h)!, head: push.heads.get(h) ?? null });
    } else if ('missing' in verdict) missingParents.add(verdict.missing);
    else rejected.push({ h, code: verdict.code });
  }
  return { taken, known, missingParents: [...missingParents], rejected };
}
