import { refreshEndpoint } from '../../../shared/api/auth.ts';
import { type Call, createCaller } from '../../../shared/api/call-endpoint.ts';
import { syncCalls } from '../../../shared/api/sync-calls.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { PushParts } from '../../../shared/log/sync-push.ts';
import { readDeviceFile, writeDeviceFile } from './device-file.ts';
import type { DeviceHome } from './device-home.ts';

/** The API of the hub in the name of the person who enrolled this device. */
export function callAs(home: string, hub: string): Call {
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
  return createCaller({ fetch, hub, tokens: { current: async () => access ?? renew(), renew } });
}

export function syncParts(home: string, { file, parts }: DeviceHome): PushParts {
  return { store: parts.store, crypto: parts.crypto, transport: syncCalls(callAs(home, file.hub)) };
}
