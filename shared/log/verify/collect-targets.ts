import { mostLineBytes } from '../export-lines.ts';
import type { RunningHash } from '../log-crypto.ts';
import { parseLine } from './parse-line.ts';
import { readLines } from './read-lines.ts';

/** Entries that later ones make count, or count no more; kept in memory while all others pass. */
export interface Targets {
  readonly entries: ReadonlySet<string>;
  /** Hashes of bodies that some entry says it erased. */
  readonly bodies: ReadonlySet<string>;
}

const kinds = ['"kind":"body.erased"', '"kind":"entry.quarantined"', '"kind":"entry.released"'];
const unhashed: RunningHash = { update: () => undefined, digest: () => new Uint8Array() };

/** A first, quick reading: most lines are looked at for three words only. */
export async function collectTargets(chunks: AsyncIterable<Uint8Array>): Promise<Targets> {
  const entries = new Set<string>();
  const bodies = new Set<string>();
  for await (const lines of readLines(chunks, unhashed, mostLineBytes)) {
    for (const { text } of lines) {
      if (text === null || !kinds.some((kind) => text.includes(kind))) continue;
      const parsed = parseLine(text);
      if (parsed?.type !== 'entry') continue;
      const { kind, entity, basedOn } = parsed.line.entry;
      if (kind === 'body.erased') {
        bodies.add(entity);
        for (const h of basedOn) entries.add(h);
      } else if (kind.startsWith('entry.')) entries.add(entity);
    }
  }
  return { entries, bodies };
}
