import { expose, proxy, type Remote, transfer, transferHandlers, wrap } from 'comlink';
import { AppError, describeThrown, type ErrorCode, isErrorCode } from '../../shared/kernel/errors.ts';

/**
 * The one file that knows comlink. Over comlink alone an error loses its class, code and cause, and a call to a dead worker
 * never settles. Here errors keep their code, and every call ends with the worker.
 */

interface ThrownOnWire {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const plainThrow = transferHandlers.get('throw')!;
transferHandlers.set('throw', {
  canHandle: (value): value is unknown => plainThrow.canHandle(value),
  serialize: (thrown: unknown): [ThrownOnWire, Transferable[]] => {
    const { value } = thrown as { value: unknown };
    const isOurs = value instanceof AppError;
    return [
      {
        code: isOurs ? value.code : undefined,
        message: describeThrown(value),
        // Only what can be copied for certain.
        details: isOurs ? (JSON.parse(JSON.stringify(value.details)) as Record<string, unknown>) : {},
      },
      [],
    ];
  },
  deserialize: (wire: unknown) => {
    const { code, message, details } = wire as ThrownOnWire;
    throw code !== undefined && isErrorCode(code)
      ? new AppError(code, message, { details })
      : new Error(message);
  },
});

export { type Remote, transfer };
/** A function that the worker may call. */
export const callback = proxy;

const readyMessage = 'worker-ready';
const startTimeoutMs = 30_000;

/** In the worker: answers calls from now on, and holds the lock whose release tells the page that the worker is gone. */
export function serve(api: object): void {
  void navigator.locks.request(self.name, () => {
    expose(api);
    self.postMessage(readyMessage, {});
    return new Promise(() => undefined);
  });
}

export interface CallOptions {
  /** An abort ends the worker: what it computes cannot be stopped otherwise. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface WorkerHandle<Api> {
  /**
   * @throws what the worker threw; AppError `inference.worker-died`, `inference.timeout`; the signal's reason
   */
  call<Result>(use: (api: Remote<Api>) => Promise<Result>, options?: CallOptions): Promise<Result>;
  /** Settles when the worker has ended, however it ended. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** @param create starts the worker under the given name, which `serve` finds as `self.name` */
export function startWorker<Api>(create: (name: string) => Worker): WorkerHandle<Api> {
  const name = `worker-${crypto.randomUUID()}`;
  const worker = create(name);
  const death = Promise.withResolvers<never>();
  const ended = Promise.withResolvers<void>();
  const watching = new AbortController();
  const end = (error: AppError): void => {
    watching.abort();
    worker.terminate();
    death.reject(error);
    ended.resolve();
  };
  // Nobody may be waiting for it.
  death.promise.catch(() => undefined);

  const started = startOf(worker);
  started.then(
    () =>
      // Granted when the worker no longer holds it. A worker that is killed or closes itself sends no event at all.
      navigator.locks
        .request(name, { signal: watching.signal }, () =>
          end(new AppError('inference.worker-died', 'the worker ended')),
        )
        .catch(() => undefined),
    (error: AppError) => end(error),
  );
  const remote = started.then(() => ({ api: wrap<Api>(worker) }));
  remote.catch(() => undefined);

  return {
    ended: ended.promise,
    stop: () => end(new AppError('inference.worker-died', 'the worker was stopped')),
    async call(use, { signal, timeoutMs } = {}) {
      signal?.throwIfAborted();
      const gaveUp = Promise.withResolvers<never>();
      const onAbort = (): void => {
        gaveUp.reject(signal?.reason);
        end(new AppError('inference.worker-died', 'the worker was stopped by an abort'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              const error = new AppError('inference.timeout', `no answer after ${timeoutMs} ms`);
              gaveUp.reject(error);
              end(error);
            }, timeoutMs);
      try {
        const call = remote.then(({ api }) => use(api));
        // It may settle after the race is over.
        call.catch(() => undefined);
        return await Promise.race([call, death.promise, gaveUp.promise]);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

function startOf(worker: Worker): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (why: string): void => reject(new AppError('inference.worker-died', why));
  const timer = setTimeout(() => fail('the worker did not start in time'), startTimeoutMs);
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (data === readyMessage) resolve();
  };
  worker.addEventListener('message', onMessage);
  worker.addEventListener('error', (event) =>
    fail(`the worker could not be started: ${event.message ?? 'not loaded'}`),
  );
  return promise.finally(() => {
    clearTimeout(timer);
    worker.removeEventListener('message', onMessage);
  });
}
