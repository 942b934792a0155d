import { useId } from 'react';

interface CredentialFieldsProps {
  /** In front of the names of the fields, where a form asks for two people. */
  readonly prefix?: string;
  readonly emailLabel?: string;
  readonly passwordLabel?: string;
}

export function CredentialFields({
  prefix = '',
  emailLabel = 'E\u2011mail address',
  passwordLabel = 'Password',
}: CredentialFieldsProps) {
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}email`}>{emailLabel}</label>
        <input
          id={`${id}email`}
          name={`${prefix}email`}
          type="email"
          autoComplete="username"
          maxLength={254}
          required
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}password`}>{passwordLabel}</label>
        <input
          id={`${id}password`}
          name={`${prefix}password`}
          type="password"
          autoComplete="current-password"
          maxLength={256}
          required
        />
      </div>
    </>
  );
}
