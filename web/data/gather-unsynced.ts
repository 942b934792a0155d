import { Dexie } from 'dexie';
import type { SignedHead } from '../../shared/log/entry.ts';
import { cutOff } from './cut-off.ts';
import type { RecordSealer } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { openBody, type StoredBody } from './sealed-changes.ts';
import { recordOf, type StoredEntry, storedOf } from './stored-entry.ts';

/** What the hub does not have. */
export interface Unsent {
  readonly entries: readonly StoredEntry[];
  readonly bodies: readonly StoredBody[];
  readonly heads: readonly SignedHead[];
}

const atOnce = 200;

/** As much as can be read: what fails does not keep the rest. */
export async function gatherUnsynced({ entries, bodies, heads }: RecordsDatabase): Promise<Unsent> {
  const queued = await orNothing(async () =>
    entries.where('[sendRank+n]').between([-Infinity], [Infinity, Dexie.maxKey]).toArray(),
  );
  const refused = await orNothing(async () => entries.where('code').above('').toArray());
  const behind = cutOff(queued);
  const kept = [...queued, ...refused].map((stored) => {
    const record = { ...recordOf(stored), place: null, vouched: false, receiptIndex: null };
    return storedOf(behind.has(stored.h) ? { ...record, code: 'log.missing-parent' } : record);
  });
  const hashes = [...new Set(kept.flatMap(({ entry }) => entry.bodyHash ?? []))];
  return {
    entries: kept,
    bodies: await inParts(hashes, async (part) => bodies.bulkGet([...part])),
    heads: await inParts(
      kept.map(({ h }) => h),
      async (part) => heads.where('h').anyOf(part).toArray(),
    ),
  };
}

/** Without the bodies that do not open: one of them would stop all sending. */
export async function openableBodies(unsent: Unsent, sealer: RecordSealer): Promise<Unsent> {
  const opened = await Promise.all(
    unsent.bodies.map((body) =>
      openBody(sealer, body).then(
        () => body,
        () => undefined,
      ),
    ),
  );
  return { ...unsent, bodies: opened.filter((body) => body !== undefined) };
}

async function inParts<Found extends object>(
  keys: readonly string[],
  read: (part: readonly string[]) => Promise<readonly (Found | undefined)[]>,
): Promise<Found[]> {
  const found: (Found | undefined)[] = [];
  for (let start = 0; start < keys.length; start += atOnce) {
    const part = keys.slice(start, start + atOnce);
    const got = await read(part).catch(async () => {
      // One of them cannot be read: which?
      const single = await Promise.all(part.map((key) => orNothing(() => read([key]))));
      return single.flat();
    });
    found.push(...got);
  }
  return found.filter((one) => one !== undefined);
}

const orNothing = <Item>(read: () => Promise<readonly Item[]>): Promise<readonly Item[]> =>
  read().catch(() => []);
