import type { FoldStep } from '../../../shared/log/fold/fold-step.ts';
import { refKey, type RowChange } from '../../../shared/log/fold/row-cache.ts';
import type { Row, TableName } from '../../../shared/log/fold/tables.ts';
import type { HeldEntry } from './held-entries.ts';

/**
 * What one group writes, for the group behind it, which is worked out while this one is being stored: what it reads may or
 * may not show it yet.
 */
export interface JustWritten {
  /** Entries that were placed, and older ones whose bodies came, by name. */
  readonly held: ReadonlyMap<string, HeldEntry>;
  readonly steps: ReadonlyMap<string, FoldStep>;
  /** New children, by their parent's name; first entries of a device under the device's id. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly changes: ReadonlyMap<string, RowChange>;
}

export const nothingWritten: JustWritten = {
  held: new Map(),
  steps: new Map(),
  children: new Map(),
  changes: new Map(),
};

export const changesByKey = (changes: readonly RowChange[]): ReadonlyMap<string, RowChange> =>
  new Map(changes.map((change) => [refKey(change), change]));

/** What was read, with the newer state of the same things. */
export function withNewer<Value>(
  found: ReadonlyMap<string, Value>,
  newer: ReadonlyMap<string, Value>,
  asked: Iterable<string>,
): Map<string, Value> {
  const both = new Map(found);
  for (const name of asked) {
    const value = newer.get(name);
    if (value !== undefined) both.set(name, value);
  }
  return both;
}

/** Rows as they will be; those that were deleted are left out. */
export function withNewerRows(
  found: ReadonlyMap<string, Row<TableName>>,
  changes: ReadonlyMap<string, RowChange>,
): Map<string, Row<TableName>> {
  const both = new Map(found);
  for (const [name, { row }] of changes) {
    if (row === undefined) both.delete(name);
    else both.set(name, row);
  }
  return both;
}
