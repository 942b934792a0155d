import { toBase64Url } from '../../../shared/kernel/bytes.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { Checkpoint } from '../../../shared/log/checkpoint.ts';
import type { SignedHead } from '../../../shared/log/entry.ts';
import { type ExportedRow, startExport } from '../../../shared/log/export-lines.ts';
import { tableNames } from '../../../shared/log/fold/tables.ts';
import type { Database } from '../database.ts';
import { headColumns, headOf } from './pull-page.ts';
import { readRowsAfter } from './folded-rows.ts';
import type { LogParts } from './log-parts.ts';
import { indexOf, placeOf } from './places.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import { readStored } from './read-stored.ts';
import type { TreeState } from './tree-state.ts';

const pageSize = 500;

export interface ExportedTableRow {
  readonly table: string;
  readonly key: string;
  readonly row: ExportedRow['row'];
}

/** The folded tables as the export wants them: by table and key, in the order of UTF-16 code units. Nobody may write meanwhile. */
export async function readTables(
  { database, sealer }: Pick<LogParts, 'database' | 'sealer'>,
  tree: number,
): Promise<ExportedTableRow[]> {
  const all: ExportedTableRow[] = [];
  for (const table of tableNames.toSorted()) {
    const rows: ExportedTableRow[] = [];
    for (let after = ''; ;) {
      const page = await readRowsAfter(database, sealer, { tree, table, after, limit: pageSize });
      for (const { key, row } of page) rows.push({ table, key, row: row as unknown as ExportedRow['row'] });
      if (page.length < pageSize) break;
      after = page.at(-1)!.key;
    }
    // SQLite orders by UTF-8, which differs beyond the basic plane.
    all.push(...rows.sort((a, b) => (a.key < b.key ? -1 : 1)));
  }
  return all;
}

async function* readHeads(
  database: Database,
  clinic: string,
  tree: number,
  size: number,
): AsyncGenerator<SignedHead> {
  for (let from = placeOf(tree, 0); ;) {
    const rows = await database.read({
      sql: `SELECT ${headColumns} FROM heads s CROSS JOIN entries e ON e.place = s.place
        WHERE s.place >= ? AND s.place < ? ORDER BY s.place LIMIT ${pageSize}`,
      args: [from, placeOf(tree, size)],
    });
    for (const row of rows) yield headOf(clinic, row);
    if (rows.length < pageSize) return;
    from = Number(rows.at(-1)!['place']) + 1;
  }
}

/** Bodies that come late or are erased change no size, but they change what the tables say of entries that are out already. */
async function mustBeUndisturbed(database: Database, { tree, no, checkpoint }: TreeState): Promise<void> {
  const [late] = await database.read({
    sql: `SELECT 1 FROM checkpoints c JOIN checkpoints d ON d.tree = c.tree AND d.no = c.no - 1
      WHERE c.tree = ? AND c.no > ? AND c.size = d.size AND c.epoch = d.epoch LIMIT 1`,
    args: [tree, no],
  });
  const [erased] = await database.read({
    sql: `SELECT 1 FROM entries WHERE place >= ? AND place < ? AND kind = 'body.erased' LIMIT 1`,
    args: [placeOf(tree, checkpoint.size), placeOf(tree + 1, 0)],
  });
  if (late !== undefined || erased !== undefined) {
    throw new AppError('sync.slow-down', 'bodies came or went while the records were exported');
  }
}

/**
 * The clinic's records up to a checkpoint, line by line; what is written meanwhile is not in it.
 * @param rows the folded tables as they were at that checkpoint
 */
export async function* exportClinic(
  state: TreeState,
  rows: readonly ExportedTableRow[],
  parts: LogParts,
): AsyncGenerator<Uint8Array> {
  const { database, rootKey, program } = parts;
  const { tree, checkpoint } = state;
  const { clinic, epoch, size } = checkpoint;
  const header = { clinic, epoch, rootKey: toBase64Url(rootKey.publicKey), program };
  const { first, writer } = startExport(header, parts.startSha256());
  yield first;

  const checkpoints = readCheckpoints(database, clinic, state);
  let due: Checkpoint | undefined = (await checkpoints.next()).value as Checkpoint | undefined;
  async function* checkpointsAt(entries: number): AsyncGenerator<Uint8Array> {
    while (due !== undefined && due.size <= entries) {
      yield writer.line({ type: 'checkpoint', checkpoint: due });
      due = (await checkpoints.next()).value as Checkpoint | undefined;
    }
  }
  yield* checkpointsAt(0);
  for await (const page of readStored(parts, tree, 0, size)) {
    for (const { h, entry, place, effTs, recvAt, body } of page) {
      const index = indexOf(place);
      const said = body === null ? null : { salt: body.salt, text: body.text };
      yield writer.line({ type: 'entry', entry, place: { h, index, effTs, recvAt }, body: said });
      if (due?.size === index + 1) yield* checkpointsAt(index + 1);
    }
  }
  await mustBeUndisturbed(database, state);
  for await (const head of readHeads(database, clinic, tree, size)) yield writer.line({ type: 'head', head });
  for (const row of rows) yield writer.line({ type: 'row', ...row });
  yield writer.end();
}
