import type { Json } from '../../kernel/canonical-json.ts';
import type { Entry } from '../entry.ts';
import type { Contribution, Row, Rows, TableName } from './tables.ts';
import { subjectOf } from './touched-rows.ts';

/** Where in its row an entry of a device stands: one set of contributions among those of the row. */
export interface Part {
  readonly table: 'images' | 'results' | 'preferences';
  readonly key: string;
  readonly name: 'added' | 'reviews' | 'tombstones' | 'set';
  readonly of: (rows: Rows) => Readonly<Record<string, Contribution>>;
}

const emptyRows = {
  images: { added: {}, reviews: {}, tombstones: {} },
  results: { added: {}, tombstones: {} },
  preferences: { set: {} },
} as const;

const names: Readonly<Record<string, Part['name']>> = {
  'image.added': 'added',
  'result.added': 'added',
  'review.added': 'reviews',
  'review.adjudicated': 'reviews',
  'entity.tombstoned': 'tombstones',
  'preference.set': 'set',
};

/** Undefined for what only the hub writes, and for what is not folded. */
export function partOf(entry: Entry): Part | undefined {
  const name = names[entry.kind];
  const subject = subjectOf(entry);
  if (name === undefined || subject === undefined || !Object.hasOwn(emptyRows, subject.table))
    return undefined;
  const table = subject.table as Part['table'];
  return { table, key: subject.key, name, of: (rows) => sets(rows, table, subject.key)[name] ?? {} };
}

type Sets = Readonly<Record<string, Readonly<Record<string, Contribution>>>>;

function sets(rows: Rows, table: Part['table'], key: string): Sets {
  return (rows.get(table, key)?.clear as Sets | undefined) ?? emptyRows[table];
}

export function placedCount(rows: Rows, part: Part): number {
  return Object.values(part.of(rows)).filter(({ effTs }) => effTs !== null).length;
}

export function withPart(
  rows: Rows,
  { table, key, name, of }: Part,
  h: string,
  clear: Contribution,
  personal: Json | undefined,
): void {
  const { [h]: _, ...others } = rows.get(table, key)?.personal ?? {};
  put(rows, table, key, {
    clear: { ...sets(rows, table, key), [name]: { ...of(rows), [h]: clear } },
    personal: personal === undefined ? others : { ...others, [h]: personal },
  });
}

export function withoutPart(rows: Rows, { table, key, name, of }: Part, hs: readonly string[]): void {
  const row = rows.get(table, key);
  if (row === undefined || hs.length === 0) return;
  const gone = new Set(hs);
  const kept = <Value>(all: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(all).filter(([h]) => !gone.has(h)));
  const clear = { ...sets(rows, table, key), [name]: kept(of(rows)) };
  const isEmpty = Object.values(clear).every((set) => Object.keys(set).length === 0);
  if (isEmpty) rows.set(table, key, undefined);
  else put(rows, table, key, { clear, personal: kept(row.personal) });
}

function put(rows: Rows, table: Part['table'], key: string, row: { clear: Sets; personal: object }): void {
  rows.set<TableName>(table, key, row as unknown as Row<TableName>);
}
