import type { Analysis } from '../../shared/api/analysis.ts';
import type { Explanation } from '../../shared/api/explanation.ts';
import type { ExplanationRequest } from '../../shared/inference/explain-image.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AnalysisApi, OpenOptions, OpenProgress, OpenReport } from './analysis-api.ts';
import type { Backend } from './engine-state.ts';
import { callback, startWorker, transfer } from './worker-rpc.ts';

export interface AnalysedImage {
  readonly analysis: Analysis;
  /** A small PNG, made after the result; undefined where there is no picture or no worker any more. */
  readonly thumbnail: Promise<ArrayBuffer | undefined>;
}

/** One analysis worker that has been opened; see `AnalysisApi` for what its methods throw. */
export interface AnalysisWorker {
  readonly report: OpenReport;
  analyse(file: ArrayBuffer, signal?: AbortSignal): Promise<AnalysedImage>;
  /** After an abort it rejects when the worker is free again; one that does not stop by itself is ended. */
  explain(file: ArrayBuffer, request: ExplanationRequest, signal: AbortSignal): Promise<Explanation>;
  memoryBytes(): Promise<number | undefined>;
  /** Settles when it has ended, however it ended. */
  readonly ended: Promise<void>;
  stop(): void;
}

const analyseTimeoutMs = 180_000;
/** Some hundred runs of a model. */
const explainTimeoutMs = 900_000;
/** For one run of a model, or for compiling one. */
const stopPatienceMs = 3000;
/** For starting and checking a runtime; a broken one may hang (onnxruntime#11679). Fetching may take as long as it takes. */
const silenceTimeoutMs = 60_000;

function createWorker(name: string): Worker {
  return new Worker(new URL('../workers/analysis.worker.ts', import.meta.url), { type: 'module', name });
}

/**
 * @throws AppError as `AnalysisApi.open`; `inference.timeout` when it has been silent for too long, `inference.worker-died`
 */
export async function openAnalysisWorker(
  options: OpenOptions,
  onProgress: (progress: OpenProgress) => void,
  signal?: AbortSignal,
): Promise<AnalysisWorker> {
  const handle = startWorker<AnalysisApi>(createWorker);
  const watch = silenceWatch(silenceTimeoutMs);
  const heard = (progress: OpenProgress): void => {
    watch.heard(isFetching(progress));
    onProgress(progress);
  };
  try {
    const opening = handle.call((api) => api.open(options, callback(heard)), signal && { signal });
    const report = await Promise.race([opening, watch.silent]);
    return {
      report,
      async analyse(file, readSignal) {
        const thumbnail = Promise.withResolvers<ArrayBuffer | undefined>();
        void handle.ended.then(() => thumbnail.resolve(undefined));
        const analysis = await handle.call(
          (api) => api.analyse(transfer(file, [file]), callback(thumbnail.resolve)),
          { timeoutMs: analyseTimeoutMs, ...(readSignal && { signal: readSignal }) },
        );
        return { analysis, thumbnail: thumbnail.promise };
      },
      async explain(file, request, stopSignal) {
        stopSignal.throwIfAborted();
        let timer: ReturnType<typeof setTimeout> | undefined;
        const stop = (): void => {
          timer = setTimeout(() => handle.stop(), stopPatienceMs);
          handle.call((api) => api.stopExplaining()).catch(() => undefined);
        };
        stopSignal.addEventListener('abort', stop, { once: true });
        try {
          return await handle.call((api) => api.explain(transfer(file, [file]), request), {
            timeoutMs: explainTimeoutMs,
          });
        } finally {
          clearTimeout(timer);
          stopSignal.removeEventListener('abort', stop);
        }
      },
      memoryBytes: () => handle.call((api) => api.memoryBytes()),
      ended: handle.ended,
      stop: () => handle.stop(),
    };
  } catch (error) {
    handle.stop();
    throw error;
  } finally {
    watch.stop();
  }
}

/** Fetches what a backend needs into the store, in a worker of its own. Same errors as `open`. */
export async function prefetchRuntime(
  backend: Backend,
  onProgress: (progress: OpenProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const handle = startWorker<AnalysisApi>(createWorker);
  try {
    await handle.call((api) => api.prefetch(backend, callback(onProgress)), { signal });
  } finally {
    handle.stop();
  }
}

/** The last part is reported, too: from then on it is no longer the network that it waits for. */
function isFetching(event: OpenProgress): boolean {
  return event.step === 'fetch' && event.progress.loadedBytes < event.progress.totalBytes;
}

/** Rejects `silent` when nothing has been heard for so long; while something is being fetched it does not count. */
function silenceWatch(timeoutMs: number) {
  const { promise: silent, reject } = Promise.withResolvers<never>();
  silent.catch(() => undefined);
  const giveUp = (): void =>
    reject(
      new AppError(
        'inference.timeout',
        `it did not answer for ${timeoutMs / 1000} seconds while it was starting`,
      ),
    );
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(giveUp, timeoutMs);
  return {
    silent,
    heard(fetching: boolean): void {
      clearTimeout(timer);
      timer = fetching ? undefined : setTimeout(giveUp, timeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}
