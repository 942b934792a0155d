import { foldPage } from '../../../shared/log/fold/fold-page.ts';
import { refKey } from '../../../shared/log/fold/row-cache.ts';
import type { Row, TableName } from '../../../shared/log/fold/tables.ts';
import { createFoldSource, foldStep } from './fold-source.ts';
import { deleteRows, writeRows } from './folded-rows.ts';
import type { LogParts } from './log-parts.ts';
import { readStored } from './read-stored.ts';
import type { TreeState } from './tree-state.ts';

/**
 * Makes a clinic's folded tables again from its entries and bodies. One transaction, so that nobody ever sees half of it;
 * until then all rows are in memory. Nobody may write into the log meanwhile.
 */
export async function rebuildTables({ tree, checkpoint }: TreeState, parts: LogParts): Promise<void> {
  const rows = new Map<string, Row<TableName>>();
  for await (const page of readStored(parts, tree, 0, checkpoint.size)) {
    const source = { ...createFoldSource(parts, tree, page.at(-1)!.place + 1), rows: async () => rows };
    const steps = await Promise.all(page.map((stored) => foldStep(stored, parts)));
    const { changes } = await foldPage(source, steps);
    for (const { row, ...ref } of changes) {
      if (row === undefined) rows.delete(refKey(ref));
      else rows.set(refKey(ref), row);
    }
  }
  const made = [...rows].map(([name, row]) => {
    const at = name.indexOf('/');
    return { table: name.slice(0, at) as TableName, key: name.slice(at + 1), row };
  });
  await parts.database.write([...deleteRows(tree), ...writeRows(tree, made, parts.sealer)]);
}
