import { AppError } from '../kernel/errors.ts';
import type { BlobHub, BlobOutcome, BlobSource } from './blob-hub.ts';
import { type BlobTransferParts, untilSettled } from './blob-patience.ts';

/** Looks at an upload of somebody else's are this far apart; longer than a device usually waits after a cut. */
const lookMs = 3000;
/** A file that arrived wrong is sent once more: the wrong bytes may have been somebody else's. */
const mostMismatches = 2;

/**
 * Brings a file to the hub, through any number of interruptions, and goes on where an earlier attempt or another device is.
 * Of two devices that send the same file, one sends and the other one watches, and takes over when nothing moves.
 */
export async function uploadBlob(
  hub: BlobHub,
  source: BlobSource,
  parts: BlobTransferParts,
): Promise<BlobOutcome> {
  let location: string | undefined;
  let offset = 0;
  let mismatches = 0;

  /** @returns whether the hub has all of it */
  async function begin(): Promise<boolean> {
    const beginning = await hub.begin(source);
    if (beginning.kind === 'stored') return true;
    ({ location, offset } = beginning);
    return false;
  }

  /** Where the hub is; undefined where it knows nothing of this upload any more. */
  async function look(at: string): Promise<number | undefined> {
    const found = await hub.offset(at);
    if (found === undefined) location = undefined;
    else offset = checkedOffset(found);
    return found;
  }

  function checkedOffset(found: number): number {
    if (Number.isSafeInteger(found) && found >= 0 && found <= source.size) return found;
    throw new AppError('server.internal', 'the hub names an offset that is none');
  }

  async function watch(at: string): Promise<void> {
    let before = await look(at);
    while (before !== undefined && parts.stop?.aborted !== true) {
      await parts.wait(lookMs * (1 + parts.random() / 2));
      const now = await look(at);
      if (now === before) return;
      before = now;
    }
  }

  return untilSettled(parts, async (size, failed) => {
    if (location !== undefined && failed) await look(location);
    if (location === undefined && (await begin())) return { kind: 'done' };
    if (location === undefined) return undefined;
    const at = location;
    const bytes = await source.bytes(offset, Math.min(source.size, offset + size.bytes));
    try {
      offset = checkedOffset(await hub.append(at, offset, bytes));
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : undefined;
      if (code === 'blob.offset-mismatch') await watch(at);
      else if (code === 'blob.hash-mismatch' && ++mismatches < mostMismatches) location = undefined;
      else {
        if (code === 'blob.no-upload') location = undefined;
        throw thrown;
      }
    }
    return offset === source.size && location !== undefined ? { kind: 'done' } : undefined;
  });
}
