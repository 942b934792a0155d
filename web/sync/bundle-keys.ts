import { createCaller } from '../../shared/api/call-endpoint.ts';
import { bundleKeyEndpoint } from '../../shared/api/devices.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type BundleKey, keyName, withKey } from '../../shared/log/bundle/bundle-key.ts';
import type { BundleReadParts } from '../../shared/log/bundle/read-bundle.ts';
import { deviceItem } from '../vault/vault-items.ts';
import type { OpenRecords, RecordsParts } from './open-records.ts';
import { locks } from './windows.ts';

type Parts = Pick<RecordsParts, 'vaultStore' | 'fetch' | 'exclusively' | 'crypto'>;

/** To be called when the hub was there: asks once for the newest key, and lets it be where that does not work. */
export function bundleKeyLearner(records: OpenRecords, parts: Parts): () => void {
  let hasAsked = false;
  return () => {
    if (hasAsked) return;
    hasAsked = true;
    void learn(records, parts).catch(() => undefined);
  };
}

async function learn(
  { keys, tokens }: OpenRecords,
  { vaultStore, fetch, exclusively }: Parts,
): Promise<void> {
  const learned = await createCaller({ fetch, hub: '', tokens })(bundleKeyEndpoint, {});
  const item = deviceItem(vaultStore, keys);
  await exclusively(locks.signIn, async () => {
    const held = await item.read();
    if (held === undefined || held.bundleKeys?.[0]?.secret === learned.secret) return;
    await item.write({ ...held, bundleKeys: withKey(held.bundleKeys, learned) });
  });
}

/** The newest first; another window may have learned one since this one was opened. */
export async function heldBundleKeys(
  { keys }: OpenRecords,
  { vaultStore }: Pick<Parts, 'vaultStore'>,
): Promise<readonly BundleKey[]> {
  return (await deviceItem(vaultStore, keys).read())?.bundleKeys ?? [];
}

export function secretOfDevice(
  held: readonly BundleKey[],
  clinic: string,
  crypto: RecordsParts['crypto'],
): BundleReadParts['secretFor'] {
  return async (bundle) => {
    if (bundle.clinic !== clinic) throw new AppError('bundle.other-clinic', `of the clinic ${bundle.clinic}`);
    const key = held.find((one) => keyName(one, crypto) === bundle.key);
    if (key === undefined) throw new AppError('bundle.no-key', `the key ${bundle.key} is not here`);
    return key.secret;
  };
}
