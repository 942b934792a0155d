import { z } from 'zod';
import { Account } from '../../shared/api/auth.ts';
import { ClinicPolicy, GrantKey } from '../../shared/api/devices.ts';
import { BundleKey } from '../../shared/log/bundle/bundle-key.ts';
import { DeviceId, Millis, PublicKey, RecordId } from '../../shared/log/names.ts';
import type { VaultStore } from '../data/vault-store.ts';
import { type SealedItem, sealedItem } from './sealed-item.ts';
import type { VaultKeys } from './vault-keys.ts';

/** Of the device, whoever unlocks it. */
export const DeviceSecrets = z.object({
  /** PKCS #8, base64url. */
  signingKey: z.string(),
  publicKey: PublicKey,
  clinic: RecordId,
  device: DeviceId,
  rootKey: PublicKey,
  policy: ClinicPolicy,
  /** For files that devices of the clinic carry, the newest first; absent until the hub has given one. */
  bundleKeys: z.array(BundleKey).optional(),
  /** What people call it: it is enrolled again under the same name. */
  name: z.string().optional(),
});
export type DeviceSecrets = z.infer<typeof DeviceSecrets>;

/** Of one person: others who share the device cannot read it. */
export const PersonSecrets = z.object({
  account: Account,
  /** Good for one refresh. */
  refreshToken: z.string(),
  /** A JWT of the hub: until when readings may be signed without it. */
  grant: z.string(),
  grantKey: GrantKey,
});
export type PersonSecrets = z.infer<typeof PersonSecrets>;

export const deviceItem = (store: VaultStore, { device }: VaultKeys): SealedItem<DeviceSecrets> =>
  sealedItem(store, device, 'device', DeviceSecrets);

export const personItem = (store: VaultStore, { own, person }: VaultKeys): SealedItem<PersonSecrets> =>
  sealedItem(store, own, `person ${person}`, PersonSecrets);

/** The latest time that was seen here. */
export const timeItem = (store: VaultStore, { device }: VaultKeys): SealedItem<{ at: number }> =>
  sealedItem(store, device, 'time', z.object({ at: Millis }));

/** Sealed for everybody who shares the device: of no use without the vault that they were made with. */
export const vaultItemNames = ['device', 'time'] as const;
