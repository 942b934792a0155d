import { useId } from 'react';
import { useObservable, useServices } from '../../app/services-context.tsx';
import type { SignInRequest } from '../../engine/records-api.ts';
import { CredentialFields } from './credential-fields.tsx';
import { FormProblem } from './form-problem.tsx';
import { useFormTask } from './use-form-task.ts';

type Fields = ReadonlyMap<string, string>;

const text = (fields: Fields, name: string): string => (fields.get(name) ?? '').trim();

function requestOf(fields: Fields): SignInRequest {
  const request = {
    email: text(fields, 'email'),
    password: fields.get('password') ?? '',
    deviceName: text(fields, 'device') || 'A device',
  };
  const email = text(fields, 'opener-email');
  return email === ''
    ? request
    : { ...request, opener: { email, password: fields.get('opener-password') ?? '' } };
}

/** Asks the hub, once; from then on the device is unlocked without it. */
export function SignInForm() {
  const { records } = useServices();
  const id = useId();
  const rebuild = useObservable(records.status)?.damage !== undefined;
  const { isBusy, problem, onSubmit } = useFormTask((fields) =>
    records.signIn({ ...requestOf(fields), rebuild }),
  );
  // Asked for only when the device has said that it needs it, and then until it is open.
  const needsOpener = problem?.code === 'vault.needs-opener';
  return (
    <form onSubmit={onSubmit}>
      <p>
        The first time, the hub has to be in reach. From then on this device opens without a network, and
        everything on it that concerns a patient is locked with your password.
      </p>
      <FormProblem problem={problem} />
      <CredentialFields />
      {needsOpener && (
        <fieldset className="opener">
          <legend>Somebody who can unlock this device</legend>
          <p className="hint">You yourself with your earlier password, or a colleague who works here.</p>
          <CredentialFields
            prefix="opener-"
            emailLabel={'Their e\u2011mail address'}
            passwordLabel="Their password"
          />
        </fieldset>
      )}
      <div className="field">
        <label htmlFor={`${id}device`}>Name of this device</label>
        <p className="hint" id={`${id}hint`}>
          As people call it, so that an administrator recognises it when it is lost.
        </p>
        <input
          id={`${id}device`}
          name="device"
          maxLength={80}
          autoComplete="off"
          aria-describedby={`${id}hint`}
          required
        />
      </div>
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </div>
    </form>
  );
}
