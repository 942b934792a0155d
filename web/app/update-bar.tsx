import { useState } from 'react';
import { focusTitle } from '../ui/focus-title.ts';
import { useObservable, useServices } from './services-context.tsx';

const reload = (): void => location.reload();

/** A new version is offered; a reading is never broken off for it. */
export function UpdateBar() {
  const { updates } = useServices();
  const state = useObservable(updates);
  const [busy, setBusy] = useState(false);
  const [putOff, setPutOff] = useState(false);
  const apply = async (): Promise<void> => setBusy((await updates.applyUpdate()) === 'busy');
  const putItOff = (): void => {
    setPutOff(true);
    focusTitle();
  };
  return (
    <div role="status">
      {state === 'updated-elsewhere' && (
        <div className="bar">
          <p>Another window has put a new version in use. Load this page again when it suits you.</p>
          <button type="button" className="button" onClick={reload}>
            Load the page again
          </button>
        </div>
      )}
      {state === 'update-waiting' && !putOff && (
        <div className="bar">
          <p>{busy ? 'A reading is running; try again when it is finished.' : 'A new version is ready.'}</p>
          <button type="button" className="button" onClick={() => void apply()}>
            Use it now
          </button>
          <button type="button" className="button plain" onClick={putItOff}>
            Later
          </button>
        </div>
      )}
    </div>
  );
}
