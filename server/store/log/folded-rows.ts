import { utf8 } from '../../../shared/kernel/bytes.ts';
import { refKey, type RowChange } from '../../../shared/log/fold/row-cache.ts';
import type { Row, RowRef, TableName } from '../../../shared/log/fold/tables.ts';
import type { SealedColumn, Sealer } from '../../keys/sealer-api.ts';
import type { Database, Row as SqlRow, Statement } from '../database.ts';
import { createByteColumn } from './byte-columns.ts';
import { bytesOf } from './places.ts';

const sqlNames = {
  images: 'folded_images',
  results: 'folded_results',
  preferences: 'folded_preferences',
  users: 'folded_users',
  devices: 'folded_devices',
  models: 'folded_models',
  operatingPoints: 'folded_operating_points',
  quarantine: 'folded_quarantine',
  quarantineCounts: 'folded_quarantine_counts',
  erased: 'folded_erased',
} as const satisfies Record<TableName, string>;

const decoder = new TextDecoder();

const aad = (tree: number, { table, key }: RowRef): string => `${sqlNames[table]}\n${tree}/${key}\n1`;

export const sealedRows: readonly SealedColumn[] = Object.entries(sqlNames).map(([table, name]) => ({
  table: name,
  keys: ['tree', 'key'],
  column: 'personal',
  aad: ({ tree, key }) => aad(Number(tree), { table: table as TableName, key: String(key) }),
}));

function rowOf<Table extends TableName>(
  tree: number,
  table: Table,
  { key, clear, personal }: SqlRow,
  sealer: Sealer,
): Row<Table> {
  const ref = { table, key: String(key) };
  return {
    clear: JSON.parse(String(clear)) as Row<Table>['clear'],
    personal:
      personal === null
        ? {}
        : (JSON.parse(
            decoder.decode(sealer.open(bytesOf(personal), aad(tree, ref))),
          ) as Row<Table>['personal']),
  };
}

/** What is in clear of one row: nothing is unsealed, because every push asks. */
export async function readClear<Table extends TableName>(
  database: Database,
  tree: number,
  table: Table,
  key: string,
): Promise<Row<Table>['clear'] | undefined> {
  const sql = `SELECT clear FROM ${sqlNames[table]} WHERE tree = ? AND key = ?`;
  const [row] = await database.read({ sql, args: [tree, key] }, [sqlNames[table]]);
  return row === undefined ? undefined : (JSON.parse(String(row['clear'])) as Row<Table>['clear']);
}

/** A page of a table in the order of its keys, which SQLite compares by their UTF-8 bytes. */
export async function readRowsAfter<Table extends TableName>(
  database: Database,
  sealer: Sealer,
  { tree, table, after, limit }: { tree: number; table: Table; after: string; limit: number },
): Promise<readonly { readonly key: string; readonly row: Row<Table> }[]> {
  const rows = await database.read({
    sql: `SELECT key, clear, personal FROM ${sqlNames[table]} WHERE tree = ? AND key > ? ORDER BY key LIMIT ?`,
    args: [tree, after, limit],
  });
  return rows.map((row) => ({ key: String(row['key']), row: rowOf(tree, table, row, sealer) }));
}

/** Those of the rows that there are, by `refKey`. */
export async function readRows(
  database: Database,
  sealer: Sealer,
  tree: number,
  refs: readonly RowRef[],
): Promise<Map<string, Row<TableName>>> {
  const asked = [...Map.groupBy(refs, ({ table }) => table)].map(async ([table, wanted]) => {
    const rows = await database.read({
      sql: `SELECT f.key, f.clear, f.personal FROM json_each(?2) j
        CROSS JOIN ${sqlNames[table]} f ON f.tree = ?1 AND f.key = j.value`,
      args: [tree, JSON.stringify(wanted.map(({ key }) => key))],
    });
    return rows.map((row): [string, Row<TableName>] => [
      refKey({ table, key: String(row['key']) }),
      rowOf(tree, table, row, sealer),
    ]);
  });
  return new Map((await Promise.all(asked)).flat());
}

/** Writes what a fold has changed; one statement or two for each table. */
export function writeRows(tree: number, changes: readonly RowChange[], sealer: Sealer): Statement[] {
  const statements: Statement[] = [];
  for (const [table, changed] of Map.groupBy(changes, ({ table }) => table)) {
    const column = createByteColumn();
    const gone: string[] = [];
    const rows: unknown[] = [];
    for (const { key, row } of changed) {
      if (row === undefined) {
        gone.push(key);
        continue;
      }
      const hasPersonal = Object.keys(row.personal).length > 0;
      const sealed = hasPersonal
        ? sealer.seal(utf8(JSON.stringify(row.personal)), aad(tree, { table, key }))
        : null;
      rows.push([key, JSON.stringify(row.clear), ...column.add(sealed)]);
    }
    if (rows.length > 0) {
      statements.push({
        sql: `INSERT INTO ${sqlNames[table]} (tree, key, clear, personal)
          SELECT ?1, value ->> 0, value ->> 1,
            CASE WHEN value ->> 2 IS NOT NULL THEN substr(?3, value ->> 2, value ->> 3) END
          FROM json_each(?2) WHERE true
          ON CONFLICT (tree, key) DO UPDATE SET clear = excluded.clear, personal = excluded.personal`,
        args: [tree, JSON.stringify(rows), column.bytes()],
      });
    }
    if (gone.length > 0) {
      statements.push({
        sql: `DELETE FROM ${sqlNames[table]} WHERE tree = ? AND key IN (SELECT value FROM json_each(?))`,
        args: [tree, JSON.stringify(gone)],
      });
    }
  }
  return statements;
}

/** Empties all tables of a clinic. */
export function deleteRows(tree: number): Statement[] {
  return Object.values(sqlNames).map((name) => ({ sql: `DELETE FROM ${name} WHERE tree = ?`, args: [tree] }));
}
