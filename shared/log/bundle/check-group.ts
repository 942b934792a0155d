import { fromBase64Url } from '../../kernel/bytes.ts';
import type { CarriedEntry, DeviceIdentity } from '../device-store.ts';
import {
  type Body,
  bodyHash,
  type Entry,
  entryHash,
  isHeadOf,
  isSoundHead,
  type SignedHead,
} from '../entry.ts';
import { isVouched } from '../fold/vouch.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { BundleGroup } from './bundle-records.ts';

export interface CheckedGroup {
  /** Parents before children. */
  readonly entries: readonly CarriedEntry[];
  readonly heads: readonly SignedHead[];
  /** Not what their author signed. */
  readonly refused: number;
}

/**
 * What a device believes of a group: an entry that hashes to its name, belongs to the clinic, and stands under a head that its
 * own author signed. Who carried it here counts for nothing. A body that is not its own is left out.
 */
export async function checkGroup(
  { entries, heads, bodies }: BundleGroup,
  { clinic, rootKey }: Pick<DeviceIdentity, 'clinic' | 'rootKey'>,
  crypto: LogCrypto,
): Promise<CheckedGroup> {
  const sound = soundBodies(bodies, crypto);
  const root = fromBase64Url(rootKey);
  const byHash = new Map<string, CarriedEntry>();
  for (const { entry, index = null } of entries) {
    if (entry.clinic !== clinic) continue;
    const h = entryHash(entry, crypto);
    const body = sound.get(entry.bodyHash ?? '') ?? null;
    byHash.set(h, { h, entry, body, index, vouched: await isVouched(entry, body, root, crypto) });
  }
  const fitting = heads.filter((head) => isHeadOf(head, byHash.get(head.h)?.entry));
  const signed = await Promise.all(fitting.map((head) => isSoundHead(head, crypto)));
  const good = fitting.filter((_, at) => signed[at]);
  const covered = coveredBy(good, byHash);
  const taken = [...byHash.values()].filter(({ h }) => covered.has(h)).sort((a, b) => a.entry.n - b.entry.n);
  return { entries: taken, heads: good, refused: entries.length - taken.length };
}

function soundBodies(bodies: readonly Body[], crypto: LogCrypto): ReadonlyMap<string, Body> {
  return new Map(
    bodies
      .filter(({ bodyHash: name, salt, text }) => bodyHash(salt, text, crypto) === name)
      .map((body) => [body.bodyHash, body]),
  );
}

function coveredBy(
  heads: readonly SignedHead[],
  byHash: ReadonlyMap<string, { readonly entry: Entry }>,
): ReadonlySet<string> {
  const covered = new Set<string>();
  for (const head of heads) {
    for (let h: string | null = head.h; h !== null && byHash.has(h) && !covered.has(h);) {
      covered.add(h);
      h = byHash.get(h)!.entry.prev;
    }
  }
  return covered;
}
