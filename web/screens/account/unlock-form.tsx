import { useObservable, useServices } from '../../app/services-context.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { FormProblem } from './form-problem.tsx';
import { useFormTask } from './use-form-task.ts';

/** Works without a network. */
export function UnlockForm() {
  const { records } = useServices();
  // Then the hub has to be in reach, as the notice above it says.
  const rebuild = useObservable(records.status)?.damage !== undefined;
  const { isBusy, problem, onSubmit } = useFormTask((fields) =>
    records.unlock({
      email: (fields.get('email') ?? '').trim(),
      password: fields.get('password') ?? '',
      rebuild,
    }),
  );
  return (
    <form onSubmit={onSubmit}>
      {!rebuild && (
        <p>
          This device is locked. What is on it is safe, and nothing of it is sent until somebody unlocks it.
        </p>
      )}
      <FormProblem problem={problem} />
      <CredentialFields />
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          {rebuild ? rebuilding(isBusy) : isBusy ? 'Unlocking…' : 'Unlock'}
        </button>
      </div>
    </form>
  );
}

const rebuilding = (isBusy: boolean): string =>
  isBusy ? 'Asking the hub…' : 'Unlock and fetch everything again';
