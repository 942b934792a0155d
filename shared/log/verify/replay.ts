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

type Said = Omit<Body, 'bodyHash'> | null;

/** The fold of a whole log in memory, without the log: only entries that later ones speak of are kept. */
export interface Replay {
  /** Whether the root key vouches for the chain that this entry begins; to be asked of every enrolment before it is added. */
  vouch(entry: Entry, body: Said): Promise<boolean>;
  /** In the hub's order. False for what the fold cannot take in, because it is nested too deeply. */
  add(entry: Entry, place: Placement, body: Said, vouched: boolean): boolean;
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

  const bodyOf = ({ bodyHash }: Entry, said: Said): Body | null =>
    said === null ? null : { bodyHash: bodyHash ?? '', salt: said.salt, text: said.text };

  return {
    async vouch(entry, said) {
      const body = bodyOf(entry, said);
      if (body === null) return false;
      if (await isVouched(entry, body, rootKey, crypto)) {
        vouchedChains.add(entry.entity);
        return true;
      }
      const claims = readBody('device.enrolled', body)?.role === 'hub';
      if (claims && unvouchedHubs.size < mostUnvouchedHubs) unvouchedHubs.add(entry.entity);
      return false;
    },
    add(entry, { h, effTs }, said, vouched) {
      const step = { h, entry, place: { effTs }, body: bodyOf(entry, said), vouched };
      try {
        foldEntry(rows, step, (target) => kept.get(target));
      } catch (thrown) {
        if (thrown instanceof RangeError) return false;
        throw thrown;
      }
      if (spokenOf.has(h)) kept.set(h, step);
      return true;
    },
    rows: () => new Map<string, unknown>(table) as Map<string, Json>,
    isErased: (bodyHash) => table.has(refKey({ table: 'erased', key: bodyHash })),
    get vouchedChains() {
      return vouchedChains.size;
    },
    unvouchedHubs: () => [...unvouchedHubs],
  };
}
