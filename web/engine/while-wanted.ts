import { AppError } from '../../shared/kernel/errors.ts';
import type { EngineState } from './engine-state.ts';
import type { Observable } from './observable.ts';

/**
 * Not longer than somebody wants it, and not while a worker waits for the network: other tabs may be able to read.
 * @throws AppError `network.unreachable`; the signal's reason; what `promised` rejects with
 */
export async function whileWanted<Result>(
  promised: Promise<Result>,
  state: Observable<EngineState>,
  signal: AbortSignal,
): Promise<Result> {
  const gaveUp = Promise.withResolvers<never>();
  const onAbort = (): void => gaveUp.reject(signal.reason);
  const onState = (): void => {
    const current = state.getSnapshot();
    if (current.phase !== 'fetching' || !current.waitingForNetwork) return;
    gaveUp.reject(new AppError('network.unreachable', 'what reads the pictures is not on this device'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const unsubscribe = state.subscribe(onState);
  try {
    return await Promise.race([promised, gaveUp.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
