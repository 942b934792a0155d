import type { Row, RowRef, Rows, TableName } from './tables.ts';

export interface RowChange extends RowRef {
  /** Undefined: the row goes. */
  readonly row: Row<TableName> | undefined;
}

/** Rows in memory, and which of them were changed since they were loaded. */
export interface RowCache extends Rows {
  changes(): RowChange[];
}

export function refKey({ table, key }: RowRef): string {
  return `${table}/${key}`;
}

type Named<Value> = Map<TableName, Map<string, Value>>;

/** Of the table, made where there was none: a key for both would be made a dozen times for each entry. */
function tableOf<Value>(all: Named<Value>, table: TableName): Map<string, Value> {
  const known = all.get(table);
  if (known !== undefined) return known;
  const made = new Map<string, Value>();
  all.set(table, made);
  return made;
}

/** @param loaded by `refKey`; it is not written to */
export function createRowCache(loaded: ReadonlyMap<string, Row<TableName>>): RowCache {
  const before: Named<Row<TableName>> = new Map();
  for (const [name, row] of loaded) {
    const slash = name.indexOf('/');
    tableOf(before, name.slice(0, slash) as TableName).set(name.slice(slash + 1), row);
  }
  const changed: Named<RowChange> = new Map();
  return {
    get<Table extends TableName>(table: Table, key: string): Row<Table> | undefined {
      const change = changed.get(table)?.get(key);
      const row = change === undefined ? before.get(table)?.get(key) : change.row;
      return row as Row<Table> | undefined;
    },
    set(table, key, row) {
      tableOf(changed, table).set(key, { table, key, row });
    },
    changes: () => [...changed.values()].flatMap((rows) => [...rows.values()]),
  };
}

/** Each row once. */
export function distinctRefs(refs: Iterable<RowRef>): RowRef[] {
  const found: Named<RowRef> = new Map();
  for (const ref of refs) {
    const keys = tableOf(found, ref.table);
    if (!keys.has(ref.key)) keys.set(ref.key, ref);
  }
  return [...found.values()].flatMap((rows) => [...rows.values()]);
}
