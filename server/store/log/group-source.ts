import type { Body } from '../../../shared/log/entry.ts';
import type { FoldSource } from '../../../shared/log/fold/fold-page.ts';
import { refKey } from '../../../shared/log/fold/row-cache.ts';
import { createFoldSource } from './fold-source.ts';
import { readRows } from './folded-rows.ts';
import { type JustWritten, withNewer, withNewerRows } from './just-written.ts';
import type { LogParts } from './log-parts.ts';

/**
 * What the fold of one group reads, each row once.
 * @param added new entries, by name: nothing waits in the quarantine of what nobody has seen
 * @param before the group that is being stored
 */
export function createGroupSource(
  parts: LogParts,
  tree: number,
  entries: readonly { readonly body: Body | null }[],
  added: ReadonlyMap<string, unknown>,
  before: JustWritten,
): FoldSource {
  const hashes = entries.flatMap(({ body }) => (body === null ? [] : [body.bodyHash]));
  const whole = createFoldSource(parts, tree);
  return {
    async steps(hs) {
      const found = await whole.steps(hs);
      const all = withNewer(new Map(found.map((step) => [step.h, step])), before.steps, hs);
      return [...all.values()];
    },
    async rows(refs) {
      const wanted = refs.filter(
        ({ table, key }) => table !== 'erased' && !(table === 'quarantine' && added.has(key)),
      );
      const other = refs.flatMap(({ table, key }) => (table === 'erased' ? [key] : []));
      // Kinds that are not folded have bodies too.
      const erased = [...new Set([...other, ...hashes])].map((key) => ({ table: 'erased' as const, key }));
      const all = [...wanted, ...erased];
      const found = await readRows(parts.database, parts.sealer, tree, all);
      return withNewerRows(found, before.changes, all.map(refKey));
    },
  };
}
