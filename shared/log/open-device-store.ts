import { AppError } from '../kernel/errors.ts';
import { createSerialQueue } from '../kernel/serial-queue.ts';
import { applyPage } from './apply-page.ts';
import { planCarry } from './plan-carry.ts';
import { unplacedRecord } from './unplaced-record.ts';
import { isLater, type Receipt } from './checkpoint.ts';
import type { CarryOutcome, DeviceState, DeviceStore, OutboxItem, OwnEntries } from './device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from './device-tables.ts';
import { foldPage } from './fold/fold-page.ts';
import type { RowChange } from './fold/row-cache.ts';
import { type Row, tableNames } from './fold/tables.ts';
import { unplaceRow } from './fold/unplace.ts';
import { foldSource } from './fold-source.ts';

/** Other programs may write between; one that always loses has something else wrong. */
const mostTries = 1000;

type Outcome = 'written' | 'moved';
/** What to write, by the state as it is; or that the caller saw another. */
type Plan = (state: DeviceState) => Promise<TableChanges | 'moved'>;

/** The rules of a device's store over any tables. */
export function openDeviceStore(tables: DeviceTables): DeviceStore {
  const queue = createSerialQueue();

  const change = (plan: Plan): Promise<Outcome> =>
    queue.run(async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const { state, version } = await tables.state();
        const changes = await plan(state);
        if (changes === 'moved') return 'moved';
        if (await tables.commit(changes, version)) return 'written';
      }
      throw new AppError('storage.in-use', 'another program wrote each time');
    });

  const withBodies = async (records: readonly EntryRecord[]): Promise<OutboxItem[]> => {
    const bodies = await tables.bodies(records.flatMap(({ entry }) => entry.bodyHash ?? []));
    const byHash = new Map(bodies.map((body) => [body.bodyHash, body]));
    return records.map(({ h, entry }) => ({ h, entry, body: byHash.get(entry.bodyHash ?? '') ?? null }));
  };

  return {
    state: async () => (await tables.state()).state,
    counts: () => tables.counts(),
    append: (own, after) => change((state) => planAppend(tables, state, own, after)),
    beginChain: async (identity) => {
      await change(async (state) => ({ state: { ...state, identity, last: null, broken: null } }));
    },
    markBroken: async (broken) => {
      await change(async (state) => ({ state: { ...state, broken: state.broken ?? broken } }));
    },
    outbox: async (limit) => withBodies(await tables.queued(limit)),
    chain: async (device, from, limit) => withBodies(await tables.chain(device, from, limit)),
    held: async (after, limit) =>
      (await tables.heldAfter(after?.device ?? '', after?.n ?? 0, limit)).map(
        ({ h, entry, queued, place }) => ({ h, entry, queued, index: place?.index ?? null }),
      ),
    items: async (hs) => withBodies(await tables.entries(hs)),
    entries: async (hs) => new Map((await tables.entries(hs)).map(({ h, entry }) => [h, entry])),
    heads: (hs) => tables.heads(hs),
    acknowledge: async (receipt) => {
      await change((state) => planReceipt(tables, state, receipt));
    },
    receipts: () => tables.receipts(),
    setAside: async (refused) => {
      const codes = new Map(refused.map(({ h, code }) => [h, code]));
      await change(async () => {
        const records = await tables.entries([...codes.keys()]);
        return {
          entries: records.map((record) => ({ ...record, queued: false, code: codes.get(record.h)! })),
        };
      });
    },
    aside: async (limit) => {
      const records = await tables.aside(limit);
      const items = await withBodies(records);
      return items.map((item, index) => ({ ...item, code: records[index]!.code ?? '' }));
    },
    requeue: async (hs) => {
      let count = 0;
      await change(async () => {
        const records = (await tables.entries(hs)).filter(({ queued, code }) => !queued && code === null);
        count = records.length;
        return { entries: records.map((record) => ({ ...record, queued: true })) };
      });
      return count;
    },
    applyPage: (page, expected) => change((state) => applyPage(tables, state, page, expected)),
    startEpoch: (epoch, expected) =>
      change(async (state) => {
        if (state.epoch !== expected.epoch) return 'moved';
        return { forgetPlaces: true, rows: await unplacedRows(tables), state: inEpoch(state, epoch) };
      }),
    carry: async (carried) => {
      let outcome: CarryOutcome = { fresh: 0, known: 0, orphans: 0 };
      await change(async (state) => {
        const planned = await planCarry(tables, state, carried);
        outcome = planned.outcome;
        return planned.changes;
      });
      return outcome;
    },
    row: async (table, key) => {
      const [row] = (await tables.rows([{ table, key }])).values();
      return row as Row<typeof table> | undefined;
    },
    rows: async (table, { after = '', limit }) =>
      (await tables.rowsAfter(table, after, limit)) as { key: string; row: Row<typeof table> }[],
    blobsToUpload: (limit) => tables.blobs(limit),
    blobUploaded: async (sha256) => {
      await change(async () => ({ uploaded: [sha256] }));
    },
  };
}

async function planAppend(
  tables: DeviceTables,
  state: DeviceState,
  { entries, head, blobs }: OwnEntries,
  after: DeviceState['last'],
): Promise<TableChanges | 'moved'> {
  if (state.last?.h !== after?.h || head.device !== state.identity.device) return 'moved';
  if (state.broken !== null) {
    const code = state.broken.why === 'forked' ? 'log.forked' : 'log.chain-broken';
    throw new AppError(code, `the chain of ${head.device} ended at ${state.broken.n}`);
  }
  const steps = entries.map((entry) => ({ ...entry, place: null, vouched: false }));
  const { changes } = await foldPage(foldSource(tables), steps);
  return {
    state: { ...state, last: { n: head.n, h: head.h }, clock: entries.at(-1)?.entry.ts ?? state.clock },
    entries: entries.map((entry) => unplacedRecord({ ...entry, vouched: false })),
    bodies: entries.flatMap(({ body }) => body ?? []),
    heads: [head],
    rows: changes,
    blobs,
  };
}

async function planReceipt(
  tables: DeviceTables,
  state: DeviceState,
  receipt: Receipt,
): Promise<TableChanges> {
  const { checkpoint, placements } = receipt;
  // Whoever has no order yet compares all with the first one that comes.
  const isOfNow = state.epoch === null || checkpoint.epoch === state.epoch;
  // Of an order that the device does not have: kept as a proof, but the hub may have lost again what it names.
  if (!isOfNow) return { receipts: [receipt] };
  const places = new Map(placements.map(({ h, index }) => [h, index]));
  const records = await tables.entries([...places.keys()]);
  return {
    state: isLater(checkpoint, state.pledged) ? { ...state, pledged: checkpoint } : state,
    entries: records.map((record) => ({
      ...record,
      queued: false,
      code: null,
      receiptIndex: places.get(record.h)!,
    })),
    receipts: [receipt],
  };
}

function inEpoch(state: DeviceState, epoch: string): DeviceState {
  return {
    ...state,
    epoch,
    cursor: 0,
    frontier: [],
    uncovered: [],
    verified: null,
    pledged: null,
    reconciling: true,
  };
}

async function unplacedRows(tables: DeviceTables): Promise<RowChange[]> {
  const changes: RowChange[] = [];
  for (const table of tableNames) {
    let after = '';
    for (;;) {
      const page = await tables.rowsAfter(table, after, 500);
      if (page.length === 0) break;
      changes.push(...page.map(({ key, row }) => ({ table, key, row: unplaceRow(table, row) })));
      after = page.at(-1)!.key;
    }
  }
  return changes;
}
