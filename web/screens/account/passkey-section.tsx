import { useState } from 'react';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { canMakePasskeys, makePasskey } from '../../engine/passkey-prompt.ts';
import { useAnswer } from '../../ui/use-answer.ts';
import { FormProblem } from './form-problem.tsx';
import { useFormTask } from './use-form-task.ts';

/** Where this device knows the person by a finger, a face or a PIN, that opens it, too. */
export function PasskeySection({ email }: { readonly email: string }) {
  const { records } = useServices();
  const change = useObservable(records.changes);
  const canMake = useAnswer(canMakePasskeys, 'once') ?? false;
  const known = useAnswer(() => records.passkeys(), change) ?? [];
  const [isDone, setDone] = useState(false);
  const { isBusy, problem, onSubmit } = useFormTask(async (fields) => {
    const passkey = await makePasskey('Fieldray on this device');
    await records.addPasskey({ email, password: fields.get('password') ?? '' }, passkey);
    setDone(true);
  });
  if (!canMake && known.length === 0) return null;
  return (
    <section className="card" aria-labelledby="passkey-title">
      <h2 id="passkey-title">Finger, face or PIN</h2>
      <p>
        {known.length === 0
          ? 'This device can open with your finger, your face or its PIN instead of your password.'
          : `${known.length === 1 ? 'One passkey opens' : `${known.length} passkeys open`} this device. Passwords still do, too.`}
      </p>
      {canMake && !isDone && (
        <form onSubmit={onSubmit} autoComplete="off">
          <FormProblem problem={problem} />
          <div className="field">
            <label htmlFor="passkey-password">Your password, once more</label>
            <input
              id="passkey-password"
              name="password"
              type="password"
              autoComplete="off"
              maxLength={256}
              required
            />
          </div>
          <div className="actions">
            <button type="submit" className="button" disabled={isBusy}>
              {isBusy ? 'Asking this device…' : 'Add a passkey'}
            </button>
          </div>
        </form>
      )}
      <p role="status">{isDone && 'The passkey opens this device from now on.'}</p>
    </section>
  );
}
