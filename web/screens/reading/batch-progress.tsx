import { useState } from 'react';
import type { Reading } from '../../data/reading.ts';
import { isFinished } from './reading-words.ts';

/** How many have been dealt with since the line was last empty. Nothing when it is empty now. */
export function BatchProgress({ readings }: { readonly readings: readonly Reading[] }) {
  const finished = readings.filter(({ state }) => isFinished(state)).length;
  const pending = readings.length - finished;
  const [before, setBefore] = useState(finished);
  // What was finished earlier, or has been deleted meanwhile, is no part of this batch.
  if (before !== finished && (pending === 0 || finished < before)) setBefore(finished);
  if (pending === 0) return null;
  const done = Math.max(0, finished - before);
  return (
    <p className="batch">
      <label htmlFor="batch">
        {done} of {done + pending} done
      </label>
      <progress id="batch" max={done + pending} value={done} />
    </p>
  );
}
