import { toHex } from '../kernel/bytes.ts';
import { AppError } from '../kernel/errors.ts';
import type { BlobHub, BlobOutcome, BlobSink } from './blob-hub.ts';
import { type BlobTransferParts, untilSettled } from './blob-patience.ts';

/** SHA-256 over bytes that come one after the other. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Bytes of an earlier attempt that are hashed at once. */
const rehashBytes = 1024 * 1024;

/**
 * Fetches a file in parts and goes on where an earlier attempt was. It is finished only when the hash of the whole is the one
 * that was asked for.
 */
export async function downloadBlob(
  hub: BlobHub,
  sha256: string,
  sink: BlobSink,
  parts: BlobTransferParts & { readonly startHash: () => RunningHash },
): Promise<BlobOutcome> {
  let hash: RunningHash | undefined;
  let held = 0;
  let total: number | undefined;

  async function resume(): Promise<RunningHash> {
    const begun = parts.startHash();
    held = await sink.held();
    for (let at = 0; at < held; at += rehashBytes)
      begun.update(await sink.bytes(at, Math.min(held, at + rehashBytes)));
    return begun;
  }

  async function discard(): Promise<void> {
    hash = undefined;
    total = undefined;
    await sink.discard();
  }

  let mismatches = 0;
  return untilSettled(parts, async (size) => {
    // A failed write may have left anything behind, so the sink is asked again.
    const running = (hash ??= await resume());
    if (total === undefined || held < total) {
      // An earlier attempt may have died with the last byte in place: then one byte more is asked for, to learn the size.
      const from = total === undefined && held > 0 ? held - 1 : held;
      const part = await hub.read(sha256, from, from + size.bytes).catch(async (thrown: unknown) => {
        // More is there than the file is long: it cannot be the beginning of it.
        if (held > 0 && thrown instanceof AppError && thrown.code === 'blob.bad-range') await discard();
        else throw thrown;
      });
      if (part === undefined) return undefined;
      if (
        from + part.bytes.length > part.size ||
        part.bytes.length === 0 ||
        (total ?? part.size) !== part.size
      ) {
        throw new AppError('server.internal', 'the hub’s answer is not the part that was asked for');
      }
      total = part.size;
      const fresh = part.bytes.subarray(held - from);
      hash = undefined;
      await sink.append(fresh);
      running.update(fresh);
      hash = running;
      held += fresh.length;
      if (held < total) return undefined;
    }
    if (toHex(running.digest()) === sha256) {
      await sink.finish(total);
      return { kind: 'done' };
    }
    await discard();
    mismatches += 1;
    return mismatches < 2 ? undefined : { kind: 'refused', code: 'blob.hash-mismatch' };
  });
}
