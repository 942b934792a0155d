import { createCaller } from '../../../shared/api/call-endpoint.ts';
import { bundleKeyEndpoint } from '../../../shared/api/devices.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { keyName, withKey } from '../../../shared/log/bundle/bundle-key.ts';
import type { BundleReadParts } from '../../../shared/log/bundle/read-bundle.ts';
import { nodeCrypto } from '../../keys/node-crypto.ts';
import { type DeviceFile, readDeviceFile, writeDeviceFile } from './device-file.ts';
import type { HubSession } from './hub-session.ts';

/** Asks for the newest key, at each meeting with the hub; one of an older version has none. */
export async function learnBundleKey(home: string, hub: string, { token, renew }: HubSession): Promise<void> {
  const call = createCaller({ fetch, hub, tokens: { current: token, renew } });
  try {
    const learned = await call(bundleKeyEndpoint, {});
    const file = await readDeviceFile(home);
    if (file === undefined || file.bundleKeys?.[0]?.secret === learned.secret) return;
    await writeDeviceFile(home, { ...file, bundleKeys: withKey(file.bundleKeys, learned) });
  } catch (error) {
    if (!(error instanceof AppError) || error.code.startsWith('usage.')) throw error;
  }
}

/** @throws AppError `bundle.other-clinic`, `bundle.no-key` */
export function deviceSecretFor(
  { bundleKeys = [] }: DeviceFile,
  clinic: string,
): BundleReadParts['secretFor'] {
  return async (bundle) => {
    if (bundle.clinic !== clinic) throw new AppError('bundle.other-clinic', `of the clinic ${bundle.clinic}`);
    const key = bundleKeys.find((one) => keyName(one, nodeCrypto) === bundle.key);
    if (key === undefined) throw new AppError('bundle.no-key', `the key ${bundle.key} is not here`);
    return key.secret;
  };
}
