import { readRowsAfter } from '../../server/store/log/folded-rows.ts';
import { storedColumns, storedEntry } from '../../server/store/log/fold-source.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import type { DeviceStore } from '../../shared/log/device-store.ts';
import { isImageShown, isResultShown, reviewState } from '../../shared/log/fold/image-state.ts';
import { preferenceWinner } from '../../shared/log/fold/preference-state.ts';
import { type Row, type TableName, tableNames } from '../../shared/log/fold/tables.ts';
import type { ExpectedState, PlacedEntry } from './clinical-model.ts';
import type { HubHost } from './hub-host.ts';
import { sealer } from './simulated-crypto.ts';

/** Everything that a store or the hub says, by table and key. */
export type Dump = ReadonlyMap<string, Row<TableName>>;

const pageSize = 500;
/** The only clinic. */
const tree = 1;

type ReadPage = (table: TableName, after: string) => Promise<readonly { key: string; row: Row<TableName> }[]>;

async function dump(read: ReadPage): Promise<Dump> {
  const all = new Map<string, Row<TableName>>();
  for (const table of tableNames) {
    for (let after = ''; ;) {
      const page = await read(table, after);
      for (const { key, row } of page) all.set(`${table}/${key}`, row);
      if (page.length < pageSize) break;
      after = page.at(-1)!.key;
    }
  }
  return all;
}

export function dumpStore(store: DeviceStore): Promise<Dump> {
  return dump((table, after) => store.rows(table, { after, limit: pageSize }));
}

export function dumpHub(hub: HubHost): Promise<Dump> {
  const database = hub.database();
  return dump((table, after) => readRowsAfter(database, sealer, { tree, table, after, limit: pageSize }));
}

const textOf = (row: Row<TableName> | undefined): string =>
  row === undefined ? 'nothing' : canonicalJson(row as unknown as Json);

export function dumpText(rows: Dump): string {
  return [...rows.keys()]
    .sort()
    .map((key) => `${key} ${textOf(rows.get(key))}\n`)
    .join('');
}

/** The first row that is not the same; undefined where all are. */
export function firstDifference(a: Dump, b: Dump): string | undefined {
  const key = [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .find((key) => textOf(a.get(key)) !== textOf(b.get(key)));
  return key === undefined ? undefined : `${key}\n${textOf(a.get(key))}\n${textOf(b.get(key))}`;
}

/** The order of the hub with everything that it still holds. */
export async function placedEntries(hub: HubHost): Promise<PlacedEntry[]> {
  const rows = await hub.database().read({
    sql: `SELECT ${storedColumns} FROM entries e LEFT JOIN bodies b ON b.place = e.place ORDER BY e.place`,
    args: [],
  });
  return rows.map((row) => {
    const { h, entry, place, effTs, recvAt, body } = storedEntry(row, { sealer });
    return { h, entry, place: { h, index: place % 2 ** 32, effTs, recvAt }, body };
  });
}

function rowsOf<Table extends TableName>(rows: Dump, table: Table): [string, Row<Table>][] {
  const prefix = `${table}/`;
  return [...rows].flatMap(([name, row]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), row as Row<Table>] as [string, Row<Table>]] : [],
  );
}

/** What the program's own rows say, in the words of the model. */
export function stateOf(rows: Dump): ExpectedState {
  const entriesOf = <Table extends TableName, Value>(
    table: Table,
    value: (clear: Row<Table>['clear']) => Value,
  ): Record<string, Value> =>
    Object.fromEntries(rowsOf(rows, table).map(([key, { clear }]) => [key, value(clear)]));
  return {
    images: entriesOf('images', (row) => ({ shown: isImageShown(row), standing: reviewState(row).standing })),
    results: entriesOf('results', (row) => ({ shown: isResultShown(row) })),
    preferences: entriesOf('preferences', ({ set }) => preferenceWinner(set)!),
    roles: entriesOf('users', ({ role }) => role),
    revoked: rowsOf(rows, 'devices')
      .flatMap(([key, { clear }]) => (clear.revoked ? [key] : []))
      .sort(),
    forks: Object.fromEntries(
      rowsOf(rows, 'devices').flatMap(([key, { clear }]) =>
        clear.forks.length === 0 ? [] : [[key, clear.forks]],
      ),
    ),
    waiting: rowsOf(rows, 'quarantine')
      .flatMap(([key, { clear }]) => (clear.released ? [] : [key]))
      .sort(),
    erased: rowsOf(rows, 'erased')
      .map(([key]) => key)
      .sort(),
  };
}
