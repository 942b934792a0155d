import type { EnrolAnswer } from '../../shared/api/devices.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { withKey } from '../../shared/log/bundle/bundle-key.ts';
import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import type { RawSigningKey } from '../vault/signing-key.ts';
import { deviceItem, type DeviceSecrets, personItem } from '../vault/vault-items.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';
import type { SignedIn } from './enrol-device.ts';
import type { RecordsParts } from './open-records.ts';

export interface Enrolled {
  readonly identity: DeviceIdentity;
  readonly raw: RawSigningKey;
  readonly answer: EnrolAnswer;
  readonly signedIn: SignedIn;
  /** What people call the device. */
  readonly name: string | undefined;
  /** What was kept for the device until now. */
  readonly before: DeviceSecrets | undefined;
}

/** Durable before anything is written with them. */
export async function keepSecrets(
  keys: VaultKeys,
  { identity, raw, answer, signedIn, name, before }: Enrolled,
  { vaultStore }: RecordsParts,
): Promise<void> {
  const { account, policy, grant, grantKey } = answer;
  const { refreshToken } = signedIn;
  await personItem(vaultStore, keys).write({ account, refreshToken, grant, grantKey });
  await deviceItem(vaultStore, keys).write({
    ...identity,
    signingKey: toBase64Url(raw.secret),
    publicKey: toBase64Url(raw.publicKey),
    policy,
    bundleKeys: withKey(before?.bundleKeys, answer.bundleKey),
    ...(name !== undefined && { name }),
  });
  raw.secret.fill(0);
}
