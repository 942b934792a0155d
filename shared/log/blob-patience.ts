import { AppError, describeThrown, errorEntry } from '../kernel/errors.ts';
import { backOffMs } from './back-off.ts';
import type { BlobOutcome } from './blob-hub.ts';
import { PieceSize } from './piece-size.ts';

export interface BlobTransferParts {
  readonly wait: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Aborted between two steps; what was done stays done. */
  readonly stop?: { readonly aborted: boolean };
  /** What is known of the line already. */
  readonly pieceSize?: PieceSize;
  /** Failures in a row after which it is left for later. */
  readonly mostFailures?: number;
}

/**
 * Repeats a step of a transfer until one says how it ended.
 * @param step moves the transfer on by one piece; told after a failure that nobody knows how far the other side is
 */
export async function untilSettled(
  parts: BlobTransferParts,
  step: (size: PieceSize, failed: boolean) => Promise<BlobOutcome | undefined>,
): Promise<BlobOutcome> {
  const { wait, random, mostFailures = 8, pieceSize: size = new PieceSize() } = parts;
  let failures = 0;
  while (parts.stop?.aborted !== true) {
    try {
      const outcome = await step(size, failures > 0);
      if (outcome !== undefined) return outcome;
      failures = 0;
      size.succeeded();
    } catch (thrown) {
      const failure = asFailure(thrown);
      const { code } = failure;
      if (!errorEntry(code).retry) return { kind: 'refused', code };
      failures += 1;
      if (failures >= mostFailures) return { kind: 'later', code };
      if (code === 'network.unreachable') size.wasCut();
      await wait(backOffMs(failures, random(), retryAfterOf(failure)));
    }
  }
  return { kind: 'later', code: 'network.unreachable' };
}

function asFailure(thrown: unknown): AppError {
  return thrown instanceof AppError
    ? thrown
    : new AppError('server.internal', describeThrown(thrown), { cause: thrown });
}

const longestRetryAfterMs = 3_600_000;

function retryAfterOf({ details }: AppError): number {
  const { retryAfterMs } = details;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0
    ? Math.min(retryAfterMs, longestRetryAfterMs)
    : 0;
}
