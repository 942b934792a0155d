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

/** A page with all that folding it may ask for. */
export interface FoldInput {
  readonly steps: readonly FoldStep[];
  /** Entries folded before, whose bodies are here only now. */
  readonly completed: readonly FoldStep[];
  /** Entries that are held, of which these speak. */
  readonly held: readonly FoldStep[];
  readonly rows: ReadonlyMap<string, Row<TableName>>;
}

/** Reads everything that `foldRead` needs. */
export async function readForFold(
  source: FoldSource,
  steps: readonly FoldStep[],
  completed: readonly FoldStep[] = [],
): Promise<FoldInput> {
  const inPage = new Set(steps.map(({ h }) => h));
  const wanted = new Set(steps.flatMap(({ entry }) => targetsOf(entry)));
  const stored = await source.steps([...wanted].filter((h) => !inPage.has(h)));
  const withBodies = new Map(completed.map((step) => [step.h, step]));
  const held = stored.map((step) => withBodies.get(step.h) ?? step);
  const all = [...steps, ...held, ...completed];
  const refs = distinctRefs(all.flatMap(({ h, entry }) => touchedRows(h, entry)));
  return { steps, completed, held, rows: await source.rows(refs) };
}

/** Folds entries in the order given: placed ones in the hub's order, after all that were placed before. */
export function foldRead(input: FoldInput): Folded {
  const inPage = new Map(input.steps.map((step) => [step.h, step]));
  const held = new Map(input.held.map((step) => [step.h, step]));
  const rows = createRowCache(input.rows);

  const outcomes = new Map<string, FoldOutcome>();
  // An entry of this page that has not had its turn is not there yet.
  const find = (h: string): FoldStep | undefined =>
    held.get(h) ?? (outcomes.has(h) ? inPage.get(h) : undefined);
  for (const step of input.completed) foldBody(rows, step);
  for (const step of input.steps) outcomes.set(step.h, foldEntry(rows, step, find));
  const changes = rows.changes();
  return {
    changes,
    outcomes,
    erased: changes.flatMap(({ table, key }) => (table === 'erased' ? [key] : [])),
  };
}

/**
 * Reads and folds. Whoever stores rows calls this inside the transaction that writes the entries, or keeps everybody else
 * from writing meanwhile.
 * @param completed entries folded before, whose bodies are here only now
 */
export async function foldPage(
  source: FoldSource,
  steps: readonly FoldStep[],
  completed: readonly FoldStep[] = [],
): Promise<Folded> {
  return foldRead(await readForFold(source, steps, completed));
}
