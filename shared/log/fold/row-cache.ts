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

/** @param loaded by `refKey`; it is not written to */
export function createRowCache(loaded: ReadonlyMap<string, Row<TableName>>): RowCache {
  const changed = new Map<string, RowChange>();
  return {
    get<Table extends TableName>(table: Table, key: string): Row<Table> | undefined {
      const name = refKey({ table, key });
      const change = changed.get(name);
      return (change === undefined ? loaded.get(name) : change.row) as Row<Table> | undefined;
    },
    set(table, key, row) {
      changed.set(refKey({ table, key }), { table, key, row });
    },
    changes: () => [...changed.values()],
  };
}
