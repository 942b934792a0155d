import type { z } from 'zod';
import { PullAnswer, type PulledEntry } from './exchange.ts';
import {
  areAllQuick,
  hasMembers,
  isQuickBody,
  isQuickEntry,
  isQuickHead,
  isQuickPlacement,
} from './quick-shapes.ts';

type Pulled = z.infer<typeof PulledEntry>;

/**
 * A reply to a pull as `PullAnswer` has it; undefined where it is none. A device reads its clinic's whole log this way, so the
 * parts of which there are many are looked at quickly first.
 */
export function readPullAnswer(value: unknown): PullAnswer | undefined {
  const { entries, heads, bodies } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isQuick =
    areAllQuick(entries, isQuickPulled) &&
    areAllQuick(heads, isQuickHead) &&
    areAllQuick(bodies, isQuickBody);
  const parsed = PullAnswer.safeParse(
    isQuick ? { ...(value as object), entries: [], heads: [], bodies: [] } : value,
  );
  if (!parsed.success) return undefined;
  return isQuick ? { ...parsed.data, entries, heads, bodies } : parsed.data;
}

function isQuickPulled(value: unknown): value is Pulled {
  if (!hasMembers(value, 2)) return false;
  const { entry, place } = value as { readonly [Name in keyof Pulled]?: unknown };
  return isQuickEntry(entry) && isQuickPlacement(place);
}
