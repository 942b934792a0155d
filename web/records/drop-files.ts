import type { DeskLookup } from './desk-lookup.ts';
import type { DeskParts } from './desk-parts.ts';

/** Throws away those of the files that no reading and no image speaks of, and that are not on their way to the hub. */
export async function dropFiles(
  { readings, files, store }: DeskParts,
  look: DeskLookup,
  candidates: readonly string[],
): Promise<void> {
  if (candidates.length === 0) return;
  const [locals, { images }, uploads] = await Promise.all([
    readings.all(),
    look.listed(),
    store.blobsToUpload(Number.MAX_SAFE_INTEGER),
  ]);
  const spokenOf = new Set([
    ...locals.map(({ file }) => file.sha256),
    ...[...images.values()].flatMap(({ shown, file }) => (shown && file !== undefined ? [file.sha256] : [])),
    ...uploads.map(({ sha256 }) => sha256),
  ]);
  await files.remove(candidates.filter((sha256) => !spokenOf.has(sha256)));
}
