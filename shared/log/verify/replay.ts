import type { Json } from '../../kernel/canonical-json.ts';
import type { Placement } from '../checkpoint.ts';
import type { Body, Entry } from '../entry.ts';
import { foldEntry } from '../fold/fold-entry.ts';
import type { FoldStep } from '../fold/fold-step.ts';
import { readBody } from '../fold/read-body.ts';
import { refKey } from '../fold/row-cache.ts';
import type { Row, Rows, TableName } from '../fold/tables.ts';
import { isVouched } from '../fold/vouch.ts';
import type { LogCrypto } from '../log-crypto.ts';

/** The fold of a whole log in memory, without the log: only entries that later ones speak of are kept. */
export interface Replay {
  /** In the hub's order. False for what the fold cannot take in, because it is nested too deeply. */
  add(entry: Entry, place: Placement, body: Omit<Body, 'bodyHash'> | null): Promise<boolean>;
  /** The tables, by `table/key`; a map of the caller's own. */
  rows(): Map<string, Json>;
  isErased(bodyHash: string): boolean;
  readonly vouchedChains: number;
  unvouchedHubs(): readonly string[];
}

const mostUnvouchedHubs = 100;

/** @param spokenOf names of the entries to keep, as `collectTargets` found them */
export function createReplay(rootKey: Uint8Array, spokenOf: ReadonlySet<string>, crypto: LogCrypto): Replay {
  const table = new Map<string, Row<TableName>>();
  const kept = new Map<string, FoldStep>();
  const vouchedChains = new Set<string>();
  const unvouchedHubs = new Set<string>();
  const rows: Rows = {
    get: <Table extends TableName>(name: Table, key: string) =>
      table.get(refKey({ table: name, key })) as Row<Table> | undefined,
    set(name, key, row) {
      if (row === undefined) table.delete(refKey({ table: name, key }));
      else table.set(refKey({ table: name, key }), row);
    },
  };

  async function vouch(entry: Entry, body: Body): Promise<boolean> {
    if (await isVouched(entry, body, rootKey, crypto)) {
      vouchedChains.add(entry.entity);
      return true;
    }
    const claims = readBody('device.enrolled', body)?.role === 'hub';
    if (claims && unvouchedHubs.size < mostUnvouchedHubs) unvouchedHubs.add(entry.entity);
    return false;
  }

  return {
    async add(entry, { h, effTs }, salted) {
      const body = salted === null ? null : { bodyHash: entry.bodyHash ?? '', ...salted };
      try {
        const vouched = entry.kind === 'device.enrolled' && body !== null && (await vouch(entry, body));
        const step = { h, entry, place: { effTs }, body, vouched };
        foldEntry(rows, step, (target) => kept.get(target));
        if (spokenOf.has(h)) kept.set(h, step);
        return true;
      } catch (thrown) {
        if (thrown instanceof RangeError) return false;
        throw thrown;
      }
    },
    rows: () => new Map<string, unknown>(table) as Map<string, Json>,
    isErased: (bodyHash) => table.has(refKey({ table: 'erased', key: bodyHash })),
    get vouchedChains() {
      return vouchedChains.size;
    },
    unvouchedHubs: () => [...unvouchedHubs],
  };
}
