import { orderedTables, type Row, type TableName } from './tables.ts';

/**
 * What is left of a row when the hub's order is no longer known: nothing of those that rest on it; in the others every
 * contribution waits for its place again.
 */
export function unplaceRow(table: TableName, row: Row<TableName>): Row<TableName> | undefined {
  if ((orderedTables as readonly TableName[]).includes(table)) return undefined;
  if (table === 'erased') return row;
  const sets = row.clear as Readonly<Record<string, Readonly<Record<string, object>>>>;
  const clear = mapValues(sets, (set) => mapValues(set, (part) => ({ ...part, effTs: null })));
  return { ...row, clear: clear as unknown as Row<TableName>['clear'] };
}

function mapValues<From, To>(
  all: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value)]));
}
