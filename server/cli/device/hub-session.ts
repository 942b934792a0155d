import { refreshEndpoint } from '../../../shared/api/auth.ts';
import { createCaller } from '../../../shared/api/call-endpoint.ts';
import { syncCalls } from '../../../shared/api/sync-calls.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { PushParts } from '../../../shared/log/sync-push.ts';
import { readDeviceFile, writeDeviceFile } from './device-file.ts';
import type { DeviceHome } from './device-home.ts';

/** A person's access to the hub, for as long as the command runs. */
export interface HubSession {
  readonly token: () => Promise<string>;
  /** For when the hub no longer takes the token. */
  readonly renew: () => Promise<string>;
}

/** The session of the person who enrolled this device. */
export function openSession(home: string, hub: string): HubSession {
  const stranger = createCaller({ fetch, hub });
  let access: string | undefined;
  const renew = async (): Promise<string> => {
    const file = await readDeviceFile(home);
    if (file === undefined) throw new AppError('account.signed-out', 'no device was enrolled here');
    const answer = await stranger(refreshEndpoint, { body: { refreshToken: file.refreshToken } });
    if (answer.refreshToken === undefined) throw new AppError('account.signed-out', 'no token to go on with');
    // Before it is used: a token that was used and not kept is a sign-in that is lost.
    await writeDeviceFile(home, { ...file, refreshToken: answer.refreshToken });
    access = answer.accessToken;
    return access;
  };
  return { token: async () => access ?? renew(), renew };
}

export function syncParts({ file, parts }: DeviceHome, { token, renew }: HubSession): PushParts {
  const call = createCaller({ fetch, hub: file.hub, tokens: { current: token, renew } });
  return { store: parts.store, crypto: parts.crypto, transport: syncCalls(call) };
}
