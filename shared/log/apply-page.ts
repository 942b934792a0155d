import { isLater } from './checkpoint.ts';
import type { CheckedPage, DeviceState, Expected, PageEntry } from './device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from './device-tables.ts';
import type { Body } from './entry.ts';
import { foldPage } from './fold/fold-page.ts';
import { foldSource } from './fold-source.ts';

/** What a page of the hub's order changes; `moved` when the store is no longer where the page was asked for. */
export async function applyPage(
  tables: DeviceTables,
  state: DeviceState,
  page: CheckedPage,
  expected: Expected,
): Promise<TableChanges | 'moved'> {
  const isWhereExpected =
    state.epoch === expected.epoch && state.cursor === expected.cursor && state.last?.h === expected.last?.h;
  if (!isWhereExpected) return 'moved';

  const { entries } = page;
  const held = new Map((await tables.entries(entries.map(({ h }) => h))).map((record) => [record.h, record]));
  const bodies = await keptBodies(tables, entries);
  const steps = entries.map((entry) => ({ ...entry, body: bodies.get(entry.h) ?? null }));
  const folded = await foldPage(foldSource(tables), steps);
  const records = entries.map((entry) => {
    const isWanted = page.lacking.has(entry.h) && bodies.has(entry.h);
    return recordOf(entry, held.get(entry.h), isWanted);
  });
  const placed = new Set(entries.map(({ h }) => h));
  const requeued = page.end ? await lost(tables, state, page, placed) : [];
  return {
    state: {
      ...state,
      ...page.next,
      pledged: pledgedAfter(state, page),
      // Another program may have found the fork.
      broken: state.broken ?? page.next.broken,
      reconciling: state.reconciling && !page.end,
    },
    entries: [...records, ...requeued],
    bodies: [...bodies.values()],
    erased: folded.erased,
    heads: page.heads,
    rows: folded.changes,
  };
}

function pledgedAfter(
  { pledged }: DeviceState,
  { confirmed, promised }: CheckedPage,
): DeviceState['pledged'] {
  // Another one than the page was checked with came with a receipt meanwhile.
  const open = pledged?.sig === confirmed?.sig ? null : pledged;
  return promised !== null && isLater(promised, open) ? promised : open;
}

function recordOf(
  { h, entry, place, vouched }: PageEntry,
  held: EntryRecord | undefined,
  isWanted: boolean,
): EntryRecord {
  return {
    h,
    entry,
    place,
    vouched,
    rank: place.index,
    queued: isWanted || (held?.queued ?? false),
    receiptIndex: held?.receiptIndex ?? null,
    code: null,
  };
}

/** Bodies by entry: those of the page and those held before, but never one that was erased. */
async function keptBodies(
  tables: DeviceTables,
  entries: readonly PageEntry[],
): Promise<ReadonlyMap<string, Body>> {
  const hashes = entries.flatMap(({ entry }) => entry.bodyHash ?? []);
  const erased = await tables.rows(hashes.map((key) => ({ table: 'erased', key })));
  const held = new Map((await tables.bodies(hashes)).map((body) => [body.bodyHash, body]));
  const kept = new Map<string, Body>();
  for (const { h, entry, body } of entries) {
    const known = body ?? held.get(entry.bodyHash ?? '');
    if (known !== undefined && !erased.has(`erased/${known.bodyHash}`)) kept.set(h, known);
  }
  return kept;
}

/** What should have a place by now and has none: the hub lost it, so it is sent again. */
async function lost(
  tables: DeviceTables,
  { reconciling }: DeviceState,
  { next }: CheckedPage,
  placed: ReadonlySet<string>,
): Promise<EntryRecord[]> {
  return (await tables.waiting())
    .filter(({ h }) => !placed.has(h))
    .filter(({ receiptIndex }) => reconciling || (receiptIndex !== null && receiptIndex < next.cursor))
    .map((record) => ({ ...record, queued: true, receiptIndex: null }));
}
