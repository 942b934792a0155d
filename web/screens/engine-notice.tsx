import type { ReactNode } from 'react';
import { progressInWords } from '../app/engine-words.ts';
import { useEngineState, useServices } from '../app/services-context.tsx';
import type { FetchProgress } from '../engine/engine-state.ts';
import { focusTitle } from '../ui/focus-title.ts';
import { Notice } from '../ui/notice.tsx';
import { bytesInWords } from '../ui/words.ts';
import { useAnswer } from '../ui/use-answer.ts';

/** What stands between the pictures and their reading. Nothing when they can be read. */
export function EngineNotice() {
  const { engine } = useServices();
  const state = useEngineState();
  const retry = (): void => {
    engine.retry();
    focusTitle();
  };
  const tryAgain = (
    <button type="button" className="button" onClick={retry}>
      Try again
    </button>
  );
  switch (state.phase) {
    case 'ready':
      return null;
    case 'starting':
      return (
        <Notice kind="quiet" title="Getting ready…">
          <p>{waitInLine}</p>
        </Notice>
      );
    case 'checking':
      return (
        <Notice kind="quiet" title="Checking that this device computes correctly…">
          <p>{waitInLine}</p>
          <progress aria-label="Checking" />
        </Notice>
      );
    case 'fetching':
      return state.waitingForNetwork ? (
        <Notice kind="warning" title="The hub does not answer.">
          <p>
            {progressInWords(state.progress)} are here. It goes on where it stopped as soon as there is a
            network.
          </p>
          <p>{waitInLine}</p>
          {tryAgain}
        </Notice>
      ) : (
        <Fetching progress={state.progress} tryAgain={tryAgain} />
      );
    case 'stopped':
      return (
        <Notice kind="refused" title={state.problem.title} alert>
          {state.problem.advice !== undefined && <p>{state.problem.advice}</p>}
          {tryAgain}
        </Notice>
      );
  }
}

const waitInLine = 'Pictures can be chosen now; they wait in line.';

function Fetching({
  progress,
  tryAgain,
}: {
  readonly progress: FetchProgress;
  readonly tryAgain: ReactNode;
}) {
  const { storage } = useServices();
  const facts = useAnswer(() => storage.readStorageFacts(), undefined);
  const room = facts?.quotaBytes === undefined ? undefined : facts.quotaBytes - (facts.usageBytes ?? 0);
  return (
    <Notice kind="quiet" title="Fetching what reads the pictures">
      <p>
        <label htmlFor="fetched">
          {progress.what}: {progressInWords(progress)}
        </label>
        <progress id="fetched" max={progress.totalBytes} value={progress.loadedBytes} />
      </p>
      <p>
        This happens once. Afterwards no network is needed. If it is broken off, it goes on where it stopped.
        {room !== undefined && ` This device has room for ${bytesInWords(Math.max(0, room))}.`}
      </p>
      <p>{waitInLine}</p>
      {tryAgain}
    </Notice>
  );
}
