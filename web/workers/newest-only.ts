/**
 * Does `work` for the newest request only: what piles up behind it is skipped, and every promise settles with the work
 * that was done in its stead.
 * @param later runs its argument after the messages that wait already
 */
export function newestOnly<Request>(
  work: (request: Request) => void,
  later: (run: () => void) => void,
): (request: Request) => Promise<void> {
  let waiting: { request: Request; readonly done: PromiseWithResolvers<void> } | undefined;
  const run = (): void => {
    const { request, done } = waiting!;
    waiting = undefined;
    try {
      work(request);
      done.resolve();
    } catch (thrown) {
      done.reject(thrown);
    }
  };
  return (request) => {
    if (waiting === undefined) {
      waiting = { request, done: Promise.withResolvers() };
      later(run);
    } else {
      waiting.request = request;
    }
    return waiting.done.promise;
  };
}
