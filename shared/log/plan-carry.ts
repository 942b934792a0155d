import { ownChain } from './check-page.ts';
import type { Carried, CarriedEntry, CarryOutcome, DeviceState } from './device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from './device-tables.ts';
import type { Body } from './entry.ts';
import { foldPage } from './fold/fold-page.ts';
import { foldSource } from './fold-source.ts';
import { laterOf } from './hybrid-clock.ts';
import { unplacedRecord } from './unplaced-record.ts';

/** What entries that another device brought change; see `DeviceStore.carry`. */
export async function planCarry(
  tables: DeviceTables,
  state: DeviceState,
  { entries, heads, blobs, epoch }: Carried,
): Promise<{ readonly changes: TableChanges; readonly outcome: CarryOutcome }> {
  const asked = entries.flatMap(({ h, entry }) => [h, entry.prev ?? h]);
  const held = new Map((await tables.entries(asked)).map((record) => [record.h, record]));
  const known = entries.filter(({ h }) => held.has(h));
  const fresh = withParents(entries, held);
  const bodies = await missingBodies(tables, [...fresh, ...known]);
  const bodyOf = ({ entry }: CarriedEntry): Body | null => bodies.get(entry.bodyHash ?? '') ?? null;

  const completed = known.filter((one) => bodyOf(one) !== null);
  const steps = fresh.map((one) => ({ ...one, place: null, body: bodyOf(one) }));
  const late = completed.map((one) => ({ ...held.get(one.h)!, body: bodyOf(one) }));
  const { changes } = await foldPage(foldSource(tables), steps, late);

  const isOfNow = epoch !== null && epoch === state.epoch;
  const isOwn = ({ entry }: CarriedEntry): boolean => entry.device === state.identity.device;
  return {
    outcome: {
      fresh: fresh.length,
      known: known.length,
      orphans: entries.length - fresh.length - known.length,
    },
    changes: {
      state: {
        ...state,
        ...ownChain(state, fresh, held),
        clock: fresh.filter(isOwn).reduce((clock, { entry }) => laterOf(clock, entry.ts), state.clock),
      },
      entries: [
        ...fresh.map((one) => newRecord(one, isOfNow)),
        // The hub may lack what was missing here.
        ...late.filter(({ code }) => code === null).map((record) => requeued(record)),
      ],
      bodies: [...bodies.values()],
      heads: heads.filter(({ h }) => held.has(h) || fresh.some((one) => one.h === h)),
      rows: changes,
      blobs,
    },
  };
}

function newRecord(one: CarriedEntry, isOfNow: boolean): EntryRecord {
  const record = unplacedRecord(one);
  // As after a receipt: where the hub's order turns out not to have it, it is sent.
  return isOfNow && one.index !== null ? { ...record, queued: false, receiptIndex: one.index } : record;
}

function requeued({ h, entry, rank, place, vouched, receiptIndex, code }: EntryRecord): EntryRecord {
  return { h, entry, rank, place, vouched, receiptIndex, code, queued: true };
}

/** New ones that stand on one that is held, or on another of them. */
function withParents(
  entries: readonly CarriedEntry[],
  held: ReadonlyMap<string, EntryRecord>,
): CarriedEntry[] {
  const known = new Map([...held].map(([h, { entry }]) => [h, entry]));
  return entries.filter(({ h, entry }) => {
    if (held.has(h)) return false;
    const parent = entry.prev === null ? null : known.get(entry.prev);
    const fits =
      parent === null ? entry.n === 1 : parent?.device === entry.device && parent.n === entry.n - 1;
    if (fits) known.set(h, entry);
    return fits;
  });
}

/** By hash: those that are not held, and never one that was erased. */
async function missingBodies(
  tables: DeviceTables,
  entries: readonly CarriedEntry[],
): Promise<ReadonlyMap<string, Body>> {
  const given = new Map(entries.flatMap(({ body }) => (body === null ? [] : [[body.bodyHash, body]])));
  const hashes = [...given.keys()];
  const erased = await tables.rows(hashes.map((key) => ({ table: 'erased', key })));
  const held = new Set((await tables.bodies(hashes)).map(({ bodyHash }) => bodyHash));
  return new Map([...given].filter(([hash]) => !held.has(hash) && !erased.has(`erased/${hash}`)));
}
