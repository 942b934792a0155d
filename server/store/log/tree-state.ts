import { fromBase64Url, fromHex, toBase64Url, toHex } from '../../../shared/kernel/bytes.ts';
import { type Checkpoint, checkpointMessage } from '../../../shared/log/checkpoint.ts';
import type { LogCrypto, Signer } from '../../../shared/log/log-crypto.ts';
import {
  emptyFrontier,
  type Frontier,
  frontierOf,
  frontierPlaces,
  rootOf,
} from '../../../shared/log/merkle.ts';
import type { Database, Row, Statement } from '../database.ts';
import { bytesOf, hexOf } from './places.ts';
import { loadNodes } from './tree-nodes.ts';

/** A clinic's tree as of one checkpoint. */
export interface TreeState {
  readonly tree: number;
  /** Of the checkpoint; the next group writes `no + 1`, or finds that another writer has. */
  readonly no: number;
  readonly checkpoint: Checkpoint;
}

export interface GrowingTree extends TreeState {
  readonly frontier: Frontier;
}

export function checkpointOf(clinic: string, row: Row): Checkpoint {
  return {
    clinic,
    epoch: hexOf(row['epoch']),
    size: Number(row['size']),
    root: hexOf(row['root']),
    at: Number(row['at']),
    sig: toBase64Url(bytesOf(row['sig'])),
  };
}

/** Undefined for a clinic without a log. */
export async function readTree(database: Database, clinic: string): Promise<TreeState | undefined> {
  const [row] = await database.read({
    sql: `SELECT c.* FROM trees t JOIN checkpoints c ON c.tree = t.tree
      WHERE t.clinic = ? ORDER BY c.no DESC LIMIT 1`,
    args: [clinic],
  });
  if (row === undefined) return undefined;
  return { tree: Number(row['tree']), no: Number(row['no']), checkpoint: checkpointOf(clinic, row) };
}

/** Whether this clinic's tree ever had a checkpoint of that epoch. */
export async function knowsEpoch(database: Database, tree: number, epoch: string): Promise<boolean> {
  const [row] = await database.read({
    sql: 'SELECT 1 AS known FROM checkpoints WHERE tree = ? AND epoch = ? LIMIT 1',
    args: [tree, fromHex(epoch)],
  });
  return row !== undefined;
}

/** Whether this clinic's tree ever had just this checkpoint. */
export async function knowsCheckpoint(
  database: Database,
  tree: number,
  { size, root, sig }: Checkpoint,
): Promise<boolean> {
  const [row] = await database.read({
    sql: 'SELECT 1 AS known FROM checkpoints WHERE tree = ? AND size = ? AND root = ? AND sig = ? LIMIT 1',
    args: [tree, size, fromHex(root), fromBase64Url(sig)],
  });
  return row !== undefined;
}

/** The signature of a checkpoint, to see whether one that may have been written was. */
export async function readSignature(
  database: Database,
  { tree, no }: Pick<TreeState, 'tree' | 'no'>,
): Promise<string | undefined> {
  const [row] = await database.read({
    sql: 'SELECT sig FROM checkpoints WHERE tree = ? AND no = ?',
    args: [tree, no],
  });
  return row === undefined ? undefined : toBase64Url(bytesOf(row['sig']));
}

/** Reads only as many nodes as the size has bits. */
export async function loadFrontier(
  database: Database,
  state: TreeState,
  crypto: LogCrypto,
): Promise<GrowingTree> {
  const { size } = state.checkpoint;
  const places = frontierPlaces(size);
  const nodeAt = await loadNodes(database, state.tree, places, crypto);
  return { ...state, frontier: frontierOf(size, places.map(nodeAt)) };
}

export async function signCheckpoint(
  unsigned: Omit<Checkpoint, 'sig'>,
  rootKey: Signer,
): Promise<Checkpoint> {
  return { ...unsigned, sig: toBase64Url(await rootKey.sign(checkpointMessage(unsigned))) };
}

/** Fails where another writer has written this number. */
export function insertCheckpoint({ tree, no, checkpoint }: TreeState): Statement {
  const { epoch, size, root, at, sig } = checkpoint;
  return {
    sql: 'INSERT INTO checkpoints (tree, no, epoch, size, root, at, sig) VALUES (?, ?, ?, ?, ?, ?, ?)',
    args: [tree, no, fromHex(epoch), size, fromHex(root), at, fromBase64Url(sig)],
  };
}

/** Begins a clinic's log, unless somebody was quicker. */
export async function beginTree(
  database: Database,
  clinic: string,
  { epoch, at, rootKey, crypto }: { epoch: string; at: number; rootKey: Signer; crypto: LogCrypto },
): Promise<void> {
  const root = toHex(rootOf(emptyFrontier, crypto));
  const { sig } = await signCheckpoint({ clinic, epoch, size: 0, root, at }, rootKey);
  await database.write([
    {
      sql: `INSERT INTO trees (tree, clinic) SELECT coalesce(max(tree), 0) + 1, ? FROM trees WHERE true
        ON CONFLICT (clinic) DO NOTHING`,
      args: [clinic],
    },
    {
      sql: `INSERT INTO checkpoints (tree, no, epoch, size, root, at, sig)
        SELECT tree, 1, ?, 0, ?, ?, ? FROM trees WHERE clinic = ? ON CONFLICT DO NOTHING`,
      args: [fromHex(epoch), fromHex(root), at, fromBase64Url(sig), clinic],
    },
  ]);
}
