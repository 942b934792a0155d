import { useEffect, useEffectEvent, useState } from 'react';

export type TaskState<Result> =
  | { readonly is: 'running' }
  | { readonly is: 'done'; readonly result: Result }
  | { readonly is: 'failed'; readonly error: unknown };

/** Runs once, and is aborted when the component goes. */
export function useTask<Result>(run: (signal: AbortSignal) => Promise<Result>): TaskState<Result> {
  const [state, setState] = useState<TaskState<Result>>({ is: 'running' });
  const start = useEffectEvent(run);
  useEffect(() => {
    const stop = new AbortController();
    start(stop.signal).then(
      (result) => stop.signal.aborted || setState({ is: 'done', result }),
      (error: unknown) => stop.signal.aborted || setState({ is: 'failed', error }),
    );
    return () => stop.abort();
  }, []);
  return state;
}
