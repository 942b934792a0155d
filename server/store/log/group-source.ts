import type { FoldSource } from '../../../shared/log/fold/fold-page.ts';
import { refKey } from '../../../shared/log/fold/row-cache.ts';
import type { EarlyReads } from './early-reads.ts';
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
  early: EarlyReads,
  added: ReadonlyMap<string, unknown>,
  before: JustWritten,
): FoldSource {
  const whole = createFoldSource(parts, tree);
  return {
    async steps(hs) {
      const found = await whole.steps(hs);
      const all = withNewer(new Map(found.map((step) => [step.h, step])), before.steps, hs);
      return [...all.values()];
    },
    async rows(refs) {
      const more = refs.filter(
        (ref) => !early.asked.has(refKey(ref)) && !(ref.table === 'quarantine' && added.has(ref.key)),
      );
      const found = new Map([
        ...(await early.rows),
        ...(await readRows(parts.database, parts.sealer, tree, more)),
      ]);
      return withNewerRows(found, before.changes);
    },
  };
}
