import type { Reading } from '../data/reading.ts';
import type { WatchedReadings } from '../data/reading-store.ts';
import { createObservable, type Observable } from '../engine/observable.ts';

/** While a folder comes in, the list is made anew so often at most. */
const restMs = 150;

/**
 * The list of kept readings; undefined until it has been read once. A live query would weigh every row against every change,
 * which takes the page seconds for a folder of hundreds: here a change only says that the list is to be read again.
 */
export function keptList(
  kept: Pick<WatchedReadings, 'watch'>,
  list: () => Promise<readonly Reading[]>,
  pause: (ms: number) => Promise<void>,
): Observable<readonly Reading[] | undefined> {
  const rows = createObservable<readonly Reading[] | undefined>(undefined);
  let reading = false;
  let stale = false;

  async function refresh(): Promise<void> {
    stale = true;
    if (reading) return;
    reading = true;
    try {
      while (stale) {
        stale = false;
        rows.set(await list());
        await pause(restMs);
      }
    } finally {
      reading = false;
    }
  }

  kept.watch(() => void refresh());
  void refresh();
  return rows;
}
