import { useState } from 'react';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { PasskeyUnlock } from './passkey-unlock.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { UnlockForm } from './unlock-form.tsx';

/** Who has worked here unlocks; who is new here signs in at the hub. */
export function LockedForms() {
  const isDamaged = useObservable(useServices().records.status)?.damage !== undefined;
  const [isNew, setNew] = useState(false);
  const other = isDamaged ? 'Sign in at the hub instead' : 'Sign in as somebody who is new here';
  return (
    <>
      {isNew ? <SignInForm /> : <UnlockForm />}
      {!isNew && !isDamaged && <PasskeyUnlock />}
      <p>
        <button type="button" className="button plain" onClick={() => setNew(!isNew)}>
          {isNew ? 'Unlock as somebody who has worked here' : other}
        </button>
      </p>
    </>
  );
}
