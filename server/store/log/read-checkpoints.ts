import type { Checkpoint } from '../../../shared/log/checkpoint.ts';
import type { Database } from '../database.ts';
import { checkpointOf } from './tree-state.ts';

const pageSize = 500;

/** All that were signed for a tree up to one number, in their order. */
export async function* readCheckpoints(
  database: Database,
  clinic: string,
  { tree, no: last }: { readonly tree: number; readonly no: number },
): AsyncGenerator<Checkpoint> {
  for (let no = 0; no < last; no += pageSize) {
    const rows = await database.read({
      sql: 'SELECT * FROM checkpoints WHERE tree = ? AND no > ? AND no <= ? ORDER BY no',
      args: [tree, no, Math.min(no + pageSize, last)],
    });
    for (const row of rows) yield checkpointOf(clinic, row);
  }
}
