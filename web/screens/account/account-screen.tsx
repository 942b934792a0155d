import { useObservable, useServices } from '../../app/services-context.tsx';
import { useDocumentTitle } from '../../ui/use-document-title.ts';
import { useHeadingFocus } from '../../ui/use-heading-focus.ts';
import { DamageNotice } from './damage-notice.tsx';
import { LockedForms } from './locked-forms.tsx';
import { PasskeySection } from './passkey-section.tsx';
import { PersonSection } from './person-section.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { StickSection } from './stick-section.tsx';
import { SyncSection } from './sync-section.tsx';

const titles = { none: 'Sign in', locked: 'Unlock', open: 'Account and sync' } as const;

/** Who works here, and what of it has reached the hub. */
export function AccountScreen() {
  const status = useObservable(useServices().records.status);
  const title = titles[status?.vault ?? 'none'];
  const heading = useHeadingFocus(title);
  useDocumentTitle(title);
  const { open } = status ?? {};
  return (
    <div className={open === undefined ? 'form-screen' : 'device'}>
      <h1 ref={heading} tabIndex={-1} className="screen-title">
        {title}
      </h1>
      <DamageNotice />
      {status?.vault === 'none' && <SignInForm />}
      {status?.vault === 'locked' && <LockedForms />}
      {status !== undefined && open !== undefined && (
        <>
          {status.damage === undefined && (
            <SyncSection sync={status.sync} counts={open.counts} files={open.files} broken={open.broken} />
          )}
          <StickSection device={open.device} />
          <PersonSection open={open} />
          <PasskeySection email={open.person.email} />
        </>
      )}
    </div>
  );
}
