import type { Accounts } from './accounts-api.ts';
import type { Argon2id, Argon2Parameters } from './argon2-api.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import type { AuthDeps } from './auth-deps.ts';
import { createBundleKeys } from './bundle-keys.ts';
import { createClinics } from './clinics.ts';
import { createDenials, type Denials } from './denials.ts';
import { createDevices } from './devices.ts';
import { createPasswords } from './passwords.ts';
import { createSessions } from './sessions.ts';
import { createSignedTokens } from './signed-tokens.ts';
import { createTokenKeys } from './token-keys.ts';
import { createUsers } from './users.ts';

export interface AccountSettings {
  readonly registration: 'approval' | 'open' | 'closed';
  readonly argon2id: Argon2id;
  /** For tests; otherwise those of `passwords.ts`. */
  readonly passwordParameters?: Argon2Parameters;
  readonly limits: AttemptLimits;
  /** In the place of one that is made: several processes of a hub know the same. */
  readonly setupToken?: string;
}

export interface OpenAccounts extends Accounts {
  readonly denials: Denials;
}

/** The accounts on a database that has been migrated. */
export function createAccounts(deps: AuthDeps, settings: AccountSettings): OpenAccounts {
  const { registration, argon2id, passwordParameters, limits, setupToken } = settings;
  const passwords = createPasswords(argon2id, deps.random, passwordParameters);
  const keys = createTokenKeys(deps);
  const tokens = createSignedTokens(keys, deps.now);
  const bundleKeys = createBundleKeys(deps);
  const denials = createDenials(deps.hubLog, deps.now);
  return {
    sessions: createSessions(deps, { passwords, limits, tokens, keys, denials }),
    users: createUsers(deps, {
      passwords,
      limits,
      registration,
      ...(setupToken === undefined ? {} : { setupToken }),
    }),
    devices: createDevices(deps, { tokens, keys, bundleKeys }),
    clinics: createClinics(deps, passwords),
    bundleKeys,
    denials,
  };
}
