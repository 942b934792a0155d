import { useState } from 'react';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { countInWords } from '../../ui/words.ts';
import type { ProblemText } from '../../engine/engine-state.ts';
import { problemText } from '../../engine/problem-text.ts';

/** What was read here before anybody signed in lies on the disk in clear, until somebody says what is to become of it. */
export function EarlierNotice() {
  const { earlier, records } = useServices();
  const isOpen = useObservable(records.status)?.vault === 'open';
  const [turn, setTurn] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<ProblemText>();
  const count = useAnswer(() => earlier.count(), turn) ?? 0;
  if (!isOpen || count === 0) return null;

  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setBusy(false);
      setTurn(turn + 1);
    }
  };
  const what = countInWords(count, 'X-ray was', 'X-rays were');
  return (
    <Notice kind="warning" title={`${what} read on this device before anybody signed in.`}>
      <p>They are not in the records, and whoever has this device can read them.</p>
      {problem !== undefined && <p role="alert">{problem.title}</p>}
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={isBusy}
          onClick={() => void run(() => earlier.takeOver())}
        >
          {isBusy ? 'Working…' : 'Take them into the records'}
        </button>
        <button
          type="button"
          className="button danger-plain"
          disabled={isBusy}
          onClick={() => setAsking(true)}
        >
          Delete them
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog
          question="Delete these X-rays and their results from this device? This cannot be undone."
          confirmLabel="Delete"
          onConfirm={() => void run(() => earlier.remove())}
          onClose={() => setAsking(false)}
        />
      )}
    </Notice>
  );
}
