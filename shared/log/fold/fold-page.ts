import { foldBody, foldEntry } from './fold-entry.ts';
import type { FoldOutcome, FoldStep } from './fold-step.ts';
import { createRowCache, distinctRefs, type RowChange } from './row-cache.ts';
import type { Row, RowRef, TableName } from './tables.ts';
import { targetsOf, touchedRows } from './touched-rows.ts';

/** What a fold reads from the store, all of it as it was before the page. */
export interface FoldSource {
  /** Those that are held; the others are left out. By `refKey`. */
  rows(refs: readonly RowRef[]): Promise<ReadonlyMap<string, Row<TableName>>>;
  /** Entries by their hashes, those that are held. */
  steps(hs: readonly string[]): Promise<readonly FoldStep[]>;
}

export interface Folded {
  /** To be written in the same transaction as the entries. */
  readonly changes: readonly RowChange[];
  /** By hash. */
  readonly outcomes: ReadonlyMap<string, FoldOutcome>;
  /** Their bodies are to be deleted in the same transaction, and never to be taken again. */
  readonly erased: readonly string[];
}

/**
 * Folds entries in the order given: placed ones in the hub's order, after all that were placed before. Whoever stores rows
 * calls this inside the transaction that writes the entries, or keeps everybody else from writing meanwhile.
 * @param completed entries folded before, whose bodies are here only now
 */
export async function foldPage(
  source: FoldSource,
  steps: readonly FoldStep[],
  completed: readonly FoldStep[] = [],
): Promise<Folded> {
  const inPage = new Map(steps.map((step) => [step.h, step]));
  const wanted = new Set(steps.flatMap(({ entry }) => targetsOf(entry)));
  const held = await source.steps([...wanted].filter((h) => !inPage.has(h)));
  const targets = new Map(held.map((step) => [step.h, step]));
  const all = [...steps, ...held, ...completed];
  const refs = distinctRefs(all.flatMap(({ h, entry }) => touchedRows(h, entry)));
  const rows = createRowCache(await source.rows(refs));

  const outcomes = new Map<string, FoldOutcome>();
  // An entry of this page that has not had its turn is not there yet.
  const find = (h: string): FoldStep | undefined =>
    targets.get(h) ?? (outcomes.has(h) ? inPage.get(h) : undefined);
  for (const step of completed) foldBody(rows, step);
  for (const step of steps) outcomes.set(step.h, foldEntry(rows, step, find));
  const changes = rows.changes();
  return {
    changes,
    outcomes,
    erased: changes.flatMap(({ table, key }) => (table === 'erased' ? [key] : [])),
  };
}
