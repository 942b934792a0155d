import { fromBase64Url, toBase64Url, utf8 } from '../../shared/kernel/bytes.ts';
import { aesSealer } from './aes-sealer.ts';

// What opens the vault is sealed under a key that HKDF (RFC 5869, SHA-256) makes of a secret: that of a password, of a
// passkey, or of an agreement with the clinic's recovery key (ECDH on P-256, the way of ECIES).

const aesKey = { name: 'AES-GCM', length: 256 } as const;

/** @param purpose another key for each */
export async function subkey(secret: CryptoKey, purpose: string): Promise<CryptoKey> {
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(purpose) };
  return crypto.subtle.deriveKey(how, secret, aesKey, false, ['encrypt', 'decrypt']);
}

export async function secretKey(secret: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveKey']);
}

/** @param place also the purpose of the key that is made of the secret */
export async function wrap(plain: Uint8Array, secret: Uint8Array, place: string): Promise<ArrayBuffer> {
  return aesSealer(await subkey(await secretKey(secret), place)).seal(plain, place);
}

/** Undefined with another secret than it was wrapped with. */
export async function unwrap(
  sealed: ArrayBuffer,
  secret: Uint8Array,
  place: string,
): Promise<Uint8Array | undefined> {
  const sealer = aesSealer(await subkey(await secretKey(secret), place));
  return sealer.open(sealed, place).catch(() => undefined);
}

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;

export interface RecoveryWrap {
  /** The clinic's public key, an uncompressed point, base64url. */
  readonly to: string;
  readonly ephemeral: string;
  readonly sealed: ArrayBuffer;
}

/** For whoever holds the clinic's private key. @param to its public half, an uncompressed point on P-256, base64url */
export async function wrapForRecovery(plain: Uint8Array, to: string): Promise<RecoveryWrap> {
  const theirs = await crypto.subtle.importKey('raw', fromBase64Url(to), curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
  const ephemeral = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', ours.publicKey)));
  const shared = await agreement(ours.privateKey, theirs);
  return { to, ephemeral, sealed: await wrap(plain, shared, recoveryPlace(to, ephemeral)) };
}

/** Undefined with another clinic's key. @param key a private key for ECDH on P-256 */
export async function unwrapForRecovery(
  { to, ephemeral, sealed }: RecoveryWrap,
  key: CryptoKey,
): Promise<Uint8Array | undefined> {
  const theirs = await crypto.subtle.importKey('raw', fromBase64Url(ephemeral), curve, false, []);
  return unwrap(sealed, await agreement(key, theirs), recoveryPlace(to, ephemeral));
}

/** Both public keys stand in it, so that neither can be exchanged. */
const recoveryPlace = (to: string, ephemeral: string): string => `vault.recovery:1\n${to}\n${ephemeral}`;

async function agreement(ours: CryptoKey, theirs: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours, 256));
}
