import { useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { ProblemText } from '../../engine/engine-state.ts';
import { askPasskey } from '../../engine/passkey-prompt.ts';
import { problemText } from '../../engine/problem-text.ts';
import { useAnswer } from '../../ui/use-answer.ts';
import { FormProblem } from './form-problem.tsx';

/** Nothing where this device has no passkey. */
export function PasskeyUnlock() {
  const { records } = useServices();
  const known = useAnswer(() => records.passkeys(), 'once') ?? [];
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemText>();
  if (known.length === 0) return null;
  const unlock = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await records.unlockWithPasskey(await askPasskey(known));
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="passkey-unlock">
      <FormProblem problem={problem} />
      <button type="button" className="button" disabled={isBusy} onClick={() => void unlock()}>
        {isBusy ? 'Asking this device…' : 'Unlock with finger, face or PIN'}
      </button>
    </div>
  );
}
