import type { Body } from '../../../shared/log/entry.ts';
import type { FoldSource } from '../../../shared/log/fold/fold-page.ts';
import type { Row, TableName } from '../../../shared/log/fold/tables.ts';
import { createFoldSource } from './fold-source.ts';
import { readRows } from './folded-rows.ts';
import type { LogParts } from './log-parts.ts';

/** What the fold of one group reads, each row once. */
export interface GroupSource extends FoldSource {
  /** Whether a body was erased before this group; known when the fold has asked for its rows. */
  isErased(bodyHash: string): boolean;
}

/** @param added new entries, by name: nothing waits in the quarantine of what nobody has seen */
export function createGroupSource(
  parts: LogParts,
  tree: number,
  entries: readonly { readonly body: Body | null }[],
  added: ReadonlyMap<string, unknown>,
): GroupSource {
  let loaded: ReadonlyMap<string, Row<TableName>> = new Map();
  const hashes = entries.flatMap(({ body }) => (body === null ? [] : [body.bodyHash]));
  const whole = createFoldSource(parts, tree);
  return {
    steps: (hs) => whole.steps(hs),
    async rows(refs) {
      const wanted = refs.filter(
        ({ table, key }) => table !== 'erased' && !(table === 'quarantine' && added.has(key)),
      );
      const other = refs.flatMap(({ table, key }) => (table === 'erased' ? [key] : []));
      // Kinds that are not folded have bodies too.
      const erased = [...new Set([...other, ...hashes])].map((key) => ({ table: 'erased' as const, key }));
      loaded = await readRows(parts.database, parts.sealer, tree, [...wanted, ...erased]);
      return loaded;
    },
    isErased: (bodyHash) => loaded.has(`erased/${bodyHash}`),
  };
}
