import { useState } from 'react';
import { PasskeyUnlock } from './passkey-unlock.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { UnlockForm } from './unlock-form.tsx';

/** Who has worked here unlocks; who is new here signs in at the hub. */
export function LockedForms() {
  const [isNew, setNew] = useState(false);
  return (
    <>
      {isNew ? <SignInForm /> : <UnlockForm />}
      {!isNew && <PasskeyUnlock />}
      <p>
        <button type="button" className="button plain" onClick={() => setNew(!isNew)}>
          {isNew ? 'Unlock as somebody who has worked here' : 'Sign in as somebody who is new here'}
        </button>
      </p>
    </>
  );
}
