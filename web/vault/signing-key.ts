import { AppError } from '../../shared/kernel/errors.ts';
import type { Signer } from '../../shared/log/log-crypto.ts';

/** The device's private key outside of the browser's hands, for as long as it takes to seal it. */
export interface RawSigningKey {
  /** PKCS #8. */
  readonly secret: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Ed25519. @throws AppError `device.unsupported` in a browser that is too old for it */
export async function newSigningKey(): Promise<RawSigningKey> {
  const pair = await crypto.subtle
    .generateKey('Ed25519', true, ['sign', 'verify'])
    .catch((cause: unknown) => {
      throw new AppError('device.unsupported', 'this browser makes no Ed25519 signatures', { cause });
    });
  const [secret, publicKey] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
    crypto.subtle.exportKey('raw', pair.publicKey),
  ]);
  return { secret: new Uint8Array(secret), publicKey: new Uint8Array(publicKey) };
}

/** The key stays in memory and cannot be taken out of it: kept by the browser it would lie readable in the profile. */
export async function importSigner({ secret, publicKey }: RawSigningKey): Promise<Signer> {
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(secret), 'Ed25519', false, ['sign']);
  return {
    publicKey,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', key, new Uint8Array(message))),
  };
}
