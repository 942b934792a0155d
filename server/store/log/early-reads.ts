import type { Entry } from '../../../shared/log/entry.ts';
import { distinctRefs, refKey } from '../../../shared/log/fold/row-cache.ts';
import type { Row, RowRef, TableName } from '../../../shared/log/fold/tables.ts';
import { touchedRows } from '../../../shared/log/fold/touched-rows.ts';
import { readRows } from './folded-rows.ts';
import { type HeldEntry, readHeld, readSiblings } from './held-entries.ts';
import type { LogParts } from './log-parts.ts';
import type { NamedEntry } from './prepare-push.ts';

/** What nearly every push needs, asked for at once: an answer may have to wait for a commit, and then all wait for the same. */
export interface EarlyReads {
  readonly held: Promise<ReadonlyMap<string, HeldEntry>>;
  /**
   * Held children, by their parent's name; first entries of a device under the device's id. Not of parents that come with
   * their children, which are new nearly always.
   */
  readonly children: Promise<ReadonlyMap<string, readonly string[]>>;
  /** Rows by `refKey`: those of `asked` that there are. */
  readonly rows: Promise<ReadonlyMap<string, Row<TableName>>>;
  readonly asked: ReadonlySet<string>;
}

function withoutParents(pushed: readonly NamedEntry[]): Entry[] {
  const names = new Set(pushed.map(({ h }) => h));
  return pushed.flatMap(({ entry }) => (entry.prev === null || !names.has(entry.prev) ? [entry] : []));
}

/** Rows that the fold of new entries touches; nothing waits in the quarantine of what nobody has seen. */
function rowsOf(pushed: readonly NamedEntry[]): RowRef[] {
  const touched = pushed.flatMap(({ h, entry }) => touchedRows(h, entry));
  const erased = pushed.flatMap(({ entry: { bodyHash } }) =>
    // Kinds that are not folded have bodies too.
    bodyHash === null ? [] : [{ table: 'erased' as const, key: bodyHash }],
  );
  return distinctRefs([...touched.filter(({ table }) => table !== 'quarantine'), ...erased]);
}

/** Every question has been asked when this returns. */
export function readEarly(
  pushed: readonly NamedEntry[],
  tree: number,
  { database, sealer }: LogParts,
): EarlyReads {
  const names = new Set(pushed.flatMap(({ h, entry }) => (entry.prev === null ? [h] : [h, entry.prev])));
  const refs = rowsOf(pushed);
  const reads = {
    held: readHeld(database, tree, [...names]),
    children: readSiblings(database, tree, withoutParents(pushed)),
    rows: readRows(database, sealer, tree, refs),
    asked: new Set(refs.map(refKey)),
  };
  // One of them may fail while another is waited for.
  for (const read of [reads.held, reads.children, reads.rows]) read.catch(() => undefined);
  return reads;
}
