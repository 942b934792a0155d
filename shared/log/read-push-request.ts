import { mostEntries, PushRequest } from './exchange.ts';
import { areAllQuick, isQuickBody, isQuickEntry, isQuickHead } from './quick-shapes.ts';

/**
 * A push as `PushRequest` has it; undefined where the schema has to say what is wrong. A hub takes a thousand devices' entries
 * this way, so the parts of which there are many are looked at quickly first.
 */
export function readPushRequest(value: unknown): PushRequest | undefined {
  const { entries, heads, bodies } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isQuick =
    areAllQuick(entries, isQuickEntry, mostEntries) &&
    areAllQuick(heads, isQuickHead, mostEntries) &&
    areAllQuick(bodies, isQuickBody, mostEntries);
  if (!isQuick) return undefined;
  const rest = PushRequest.safeParse({ ...(value as object), entries: [], heads: [], bodies: [] });
  return rest.success ? { ...rest.data, entries, heads, bodies } : undefined;
}
