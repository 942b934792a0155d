import { utf8 } from '../../shared/kernel/bytes.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import type { TableChanges } from '../../shared/log/device-tables.ts';
import type { Body } from '../../shared/log/entry.ts';
import type { Row, TableName } from '../../shared/log/fold/tables.ts';
import { bodyPlace, type RecordSealer, rowPlace, shortPlace } from './record-sealer.ts';
import { shortOf, shortTables } from './short-rows.ts';

export interface StoredBody {
  readonly hash: string;
  readonly sealed: ArrayBuffer;
}

async function opened<Value>(sealer: RecordSealer, sealed: ArrayBuffer, place: string): Promise<Value> {
  const bytes = await sealer.open(sealed, place);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Value;
}

/** Sealed whole: on a device nothing is filtered or sorted by what a row says. */
export interface StoredRow {
  readonly name: string;
  readonly key: string;
  readonly sealed: ArrayBuffer;
}

export async function openRow(
  sealer: RecordSealer,
  { name, key, sealed }: StoredRow,
): Promise<{ readonly table: TableName; readonly key: string; readonly row: Row<TableName> }> {
  const row = await opened<Row<TableName>>(sealer, sealed, rowPlace(name, key));
  return { table: name as TableName, key, row };
}

export interface SealedChanges {
  readonly bodies: readonly StoredBody[];
  readonly rows: readonly StoredRow[];
  /** For each row of `shortTables` among the rows. */
  readonly shorts: readonly StoredRow[];
  readonly goneRows: readonly (readonly [string, string])[];
}

export async function sealChanges(
  { bodies = [], rows = [] }: TableChanges,
  sealer: RecordSealer,
): Promise<SealedChanges> {
  const seal = (value: unknown, place: string) => sealer.seal(utf8(canonicalJson(value as Json)), place);
  return {
    bodies: await Promise.all(
      bodies.map(async ({ bodyHash, salt, text }) => ({
        hash: bodyHash,
        sealed: await seal({ salt, text }, bodyPlace(bodyHash)),
      })),
    ),
    rows: await Promise.all(
      rows
        .filter(({ row }) => row !== undefined)
        .map(async ({ table, key, row }) => ({
          name: table,
          key,
          sealed: await seal(row, rowPlace(table, key)),
        })),
    ),
    shorts: await Promise.all(
      rows.flatMap(({ table, key, row }) => (row === undefined ? [] : sealShort(table, key, row, sealer))),
    ),
    goneRows: rows.filter(({ row }) => row === undefined).map(({ table, key }) => [table, key] as const),
  };
}

export async function openBody(sealer: RecordSealer, { hash, sealed }: StoredBody): Promise<Body> {
  const { salt, text } = await opened<Omit<Body, 'bodyHash'>>(sealer, sealed, bodyPlace(hash));
  return { bodyHash: hash, salt, text };
}

/** Also where there is nothing to be listed: whether all are there is seen by their number. */
export function sealShort(
  table: TableName,
  key: string,
  row: Row<TableName>,
  sealer: RecordSealer,
): Promise<StoredRow>[] {
  if (!shortTables.some((one) => one === table)) return [];
  const short = utf8(JSON.stringify(shortOf(table, key, row) ?? null));
  return [sealer.seal(short, shortPlace(table, key)).then((sealed) => ({ name: table, key, sealed }))];
}
