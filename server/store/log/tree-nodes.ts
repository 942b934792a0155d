import { toHex } from '../../../shared/kernel/bytes.ts';
import type { LogCrypto } from '../../../shared/log/log-crypto.ts';
import {
  joinSubtrees,
  leafHash,
  type NodePlace,
  rangePlaces,
  rootOf,
  emptyFrontier,
  type TreeNode,
} from '../../../shared/log/merkle.ts';
import { type ProofPlan, proofFrom } from '../../../shared/log/merkle-proofs.ts';
import type { Database, Statement } from '../database.ts';
import { bytesOf, hexOf, placeOf } from './places.ts';

type LookUp = (place: NodePlace) => Uint8Array;

const nameOf = ({ level, index }: NodePlace): string => `${level}/${index}`;

/** Reads stored nodes; leaves are not stored but computed from their entries. */
export async function loadNodes(
  database: Database,
  tree: number,
  places: readonly NodePlace[],
  crypto: LogCrypto,
): Promise<LookUp> {
  const found = new Map<string, Uint8Array>();
  const inner = places.filter(({ level }) => level > 0).map(({ level, index }) => [level, index]);
  const leaves = places.filter(({ level }) => level === 0).map(({ index }) => placeOf(tree, index));
  if (inner.length > 0) {
    const rows = await database.read({
      sql: `SELECT n.level, n.position, n.hash FROM json_each(?2) j CROSS JOIN tree_nodes n
        ON n.tree = ?1 AND n.level = j.value ->> 0 AND n.position = j.value ->> 1`,
      args: [tree, JSON.stringify(inner)],
    });
    for (const { level, position, hash } of rows) {
      found.set(nameOf({ level: Number(level), index: Number(position) }), bytesOf(hash));
    }
  }
  if (leaves.length > 0) {
    const rows = await database.read({
      sql: 'SELECT e.place, e.h, e.eff_ts, e.recv_at FROM json_each(?) j CROSS JOIN entries e ON e.place = j.value',
      args: [JSON.stringify(leaves)],
    });
    for (const row of rows) {
      const data = { h: hexOf(row['h']), effTs: Number(row['eff_ts']), recvAt: Number(row['recv_at']) };
      const index = Number(row['place']) - placeOf(tree, 0);
      found.set(nameOf({ level: 0, index }), leafHash(data, crypto));
    }
  }
  return (place) => {
    const hash = found.get(nameOf(place));
    if (hash === undefined) throw new TypeError(`tree ${tree} has no node ${nameOf(place)}`);
    return hash;
  };
}

/** Hashes as hex, from the stored nodes that the plan names. */
export async function proveFrom(
  database: Database,
  tree: number,
  plan: ProofPlan,
  crypto: LogCrypto,
): Promise<string[]> {
  const nodeAt = await loadNodes(database, tree, plan.flat(), crypto);
  return proofFrom(plan, nodeAt, crypto).map(toHex);
}

/** The root that the tree had at an earlier size. */
export async function rootAt(
  database: Database,
  tree: number,
  size: number,
  crypto: LogCrypto,
): Promise<string> {
  if (size === 0) return toHex(rootOf(emptyFrontier, crypto));
  const places = rangePlaces(0, size);
  const nodeAt = await loadNodes(database, tree, places, crypto);
  return toHex(joinSubtrees(places.map(nodeAt), crypto));
}

/** One statement, however many there are. */
export function insertNodes(tree: number, nodes: readonly TreeNode[]): Statement {
  const rows = nodes.flatMap(({ level, index, hash }) => (level === 0 ? [] : [[level, index, toHex(hash)]]));
  return {
    sql: `INSERT INTO tree_nodes (tree, level, position, hash)
      SELECT ?1, value ->> 0, value ->> 1, unhex(value ->> 2) FROM json_each(?2)`,
    args: [tree, JSON.stringify(rows)],
  };
}
