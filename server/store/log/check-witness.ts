import { fromHex } from '../../../shared/kernel/bytes.ts';
import type { Entry } from '../../../shared/log/entry.ts';
import type { Database } from '../database.ts';
import type { TreeState } from './tree-state.ts';

const mostRemembered = 10_000;

const nameOf = ({ epoch, size, root }: NonNullable<Entry['seen']>): string => `${epoch}/${size}/${root}`;

/**
 * What devices write that they have seen is evidence against a hub that alters its records, so what cannot be true must not
 * get in: one device that lies would spoil the evidence of all others for good.
 */
export interface WitnessCheck {
  /** Entries that speak of a checkpoint of the present epoch which the tree never had. */
  contradicting(state: TreeState, entries: readonly Entry[]): Promise<ReadonlySet<Entry>>;
}

export function createWitnessCheck(database: Database): WitnessCheck {
  /** Checkpoints that were found; they never change. */
  const known = new Set<string>();

  async function isKnown(tree: number, seen: NonNullable<Entry['seen']>): Promise<boolean> {
    const name = nameOf(seen);
    if (known.has(name)) return true;
    const [row] = await database.read({
      sql: 'SELECT 1 AS known FROM checkpoints WHERE tree = ? AND size = ? AND root = ? LIMIT 1',
      args: [tree, seen.size, fromHex(seen.root)],
    });
    if (row === undefined) return false;
    if (known.size >= mostRemembered) known.clear();
    known.add(name);
    return true;
  }

  return {
    async contradicting({ tree, checkpoint: { epoch } }, entries) {
      const claims = new Map(
        entries.flatMap(({ seen }) => (seen?.epoch === epoch ? [[nameOf(seen), seen]] : [])),
      );
      const wrong = new Set<string>();
      for (const [name, seen] of claims) if (!(await isKnown(tree, seen))) wrong.add(name);
      if (wrong.size === 0) return new Set();
      return new Set(entries.filter(({ seen }) => seen !== null && wrong.has(nameOf(seen))));
    },
  };
}
