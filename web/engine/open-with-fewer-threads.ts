import { AppError } from '../../shared/kernel/errors.ts';
import type { OpenOptions, OpenProgress } from './analysis-api.ts';
import type { AnalysisWorker } from './analysis-worker.ts';

export type OpenWorker = (
  options: OpenOptions,
  onProgress: (progress: OpenProgress) => void,
  signal?: AbortSignal,
) => Promise<AnalysisWorker>;

/** How threads that do not work show themselves; without them the same runtime may be sound. */
const maybeThreads = new Set(['inference.timeout', 'inference.worker-died', 'model.check-failed']);

export async function openWithFewerThreads(
  openWorker: OpenWorker,
  options: OpenOptions,
  onProgress: (progress: OpenProgress) => void,
  signal: AbortSignal,
): Promise<AnalysisWorker> {
  try {
    return await openWorker(options, onProgress, signal);
  } catch (error) {
    const mayHelp = error instanceof AppError && maybeThreads.has(error.code);
    if (signal.aborted || options.threads === 1 || !mayHelp) throw error;
    return openWorker({ ...options, threads: 1 }, onProgress, signal);
  }
}
