import { toHex } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type KeyVault, type SealedColumn, wrappedKeyBytes } from '../keys/sealer-api.ts';
import type { Database, Row, SqlValue, Statement } from '../store/database.ts';
import { bytesOf } from '../store/log/places.ts';

// The wrapped keys of a sealed column: the first bytes of each value. The rest is neither read nor opened here.

/** Of one commit, which a kill can undo. */
const mostRows = 1000;

async function* pagesOf(
  database: Database,
  { table, keys, column, beside = {} }: SealedColumn,
): AsyncGenerator<readonly Row[]> {
  const shown = [
    ...keys,
    `substr(${column}, 1, ${wrappedKeyBytes}) AS wrapped`,
    ...Object.entries(beside).map(([name, expression]) => `${expression} AS ${name}`),
  ];
  const behind = ` AND (${keys.join(', ')}) > (${keys.map(() => '?').join(', ')})`;
  for (let after: readonly SqlValue[] = []; ;) {
    const rows = await database.read({
      sql: `SELECT ${shown.join(', ')} FROM ${table} WHERE ${column} IS NOT NULL${after.length > 0 ? behind : ''}
        ORDER BY ${keys.join(', ')} LIMIT ?`,
      args: [...after, mostRows],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = keys.map((key) => last[key]!);
  }
}

interface Rewrapped {
  readonly key: readonly SqlValue[];
  readonly before: Uint8Array;
  readonly wrapped: Uint8Array;
}

/**
 * Only where the wrapped key is still the one that was read: another hub may write to the same server. What it sealed
 * meanwhile under the same key opens with the new wrap as well.
 */
function replaceKeys({ table, keys, column }: SealedColumn, rows: readonly Rewrapped[]): Statement {
  const found = keys.map((key, index) => `${table}.${key} = j.value ->> ${index}`);
  const values = rows.map(({ key, before, wrapped }) => [...key, toHex(before), toHex(wrapped)]);
  return {
    sql: `UPDATE ${table}
      SET ${column} = unhex((j.value ->> ${keys.length + 1}) || hex(substr(${table}.${column}, ${wrappedKeyBytes + 1})))
      FROM json_each(?) j
      WHERE ${found.join(' AND ')}
        AND substr(${table}.${column}, 1, ${wrappedKeyBytes}) = unhex(j.value ->> ${keys.length})`,
    args: [JSON.stringify(values)],
  };
}

/** Undefined for what cannot be opened. */
function attempt<Result>(task: () => Result): { readonly result: Result } | undefined {
  try {
    return { result: task() };
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
}

/**
 * Wraps the keys of a column by the vault's present master key; what cannot be opened stays as it is.
 * @param beforeEach called before each small batch, which is durable when the next one begins; what it throws ends the work
 * @returns how many were under an older one
 */
export async function rewrapColumn(
  database: Database,
  column: SealedColumn,
  vault: KeyVault,
  beforeEach: () => void,
): Promise<number> {
  let count = 0;
  for await (const rows of pagesOf(database, column)) {
    beforeEach();
    const changed = rows.flatMap((row): Rewrapped[] => {
      const before = bytesOf(row['wrapped']);
      const wrapped = attempt(() => vault.rewrap(before, column.aad(row)))?.result;
      return wrapped === undefined ? [] : [{ key: column.keys.map((key) => row[key]!), before, wrapped }];
    });
    if (changed.length > 0) await database.write([replaceKeys(column, changed)]);
    count += changed.length;
  }
  return count;
}

/** How many of a column's keys the vault unwraps, and how many it does not. */
export async function countKeys(
  database: Database,
  column: SealedColumn,
  vault: KeyVault,
): Promise<{ readonly opened: number; readonly closed: number }> {
  let [opened, closed] = [0, 0];
  for await (const rows of pagesOf(database, column)) {
    for (const row of rows) {
      const found = attempt(() => vault.unwrap(bytesOf(row['wrapped']), column.aad(row)));
      if (found === undefined) closed += 1;
      else opened += 1;
    }
  }
  return { opened, closed };
}
