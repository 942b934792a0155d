import { refreshEndpoint } from '../../shared/api/auth.ts';
import { createCaller, type Fetch, type Tokens } from '../../shared/api/call-endpoint.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { SealedItem } from '../vault/sealed-item.ts';
import type { PersonSecrets } from '../vault/vault-items.ts';
import { type Exclusively, locks } from './windows.ts';

/** A person's access to the hub. One refresh at a time in the whole browser: each token is good once. */
export function openHubSession(
  fetch: Fetch,
  item: SealedItem<PersonSecrets>,
  exclusively: Exclusively,
  first?: string,
): Tokens & { current(): Promise<string> } {
  const stranger = createCaller({ fetch, hub: '' });
  let access = first;
  let renewing: Promise<string> | undefined;

  const refresh = (): Promise<string> =>
    exclusively(locks.refresh, async () => {
      const secrets = await item.read();
      if (secrets === undefined) throw new AppError('account.signed-out', 'nobody has signed in here');
      const answer = await stranger(refreshEndpoint, { body: { refreshToken: secrets.refreshToken } });
      if (answer.refreshToken === undefined)
        throw new AppError('account.signed-out', 'no token to go on with');
      // Before it is used: a token that was used and not kept is a sign-in that is lost.
      await item.write({ ...secrets, account: answer.account, refreshToken: answer.refreshToken });
      access = answer.accessToken;
      return access;
    });

  const renew = async (): Promise<string> => {
    renewing ??= refresh().finally(() => (renewing = undefined));
    return renewing;
  };
  return { current: async () => access ?? renew(), renew };
}
