import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { createKeyVault } from '../../server/keys/key-vault.ts';
import { masterKey } from '../../server/keys/master-key.ts';
import { signerOf } from '../../server/keys/node-crypto.ts';
import type { KeyVault } from '../../server/keys/sealer-api.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import type { LogCrypto, Signer } from '../../shared/log/log-crypto.ts';
import { forgetSignatures, isSigned, rememberSigned } from './known-signatures.ts';

/**
 * The cryptography of hub and devices without another thread. Twenty devices ask about the same signature, and the hub opens
 * the same content for each of them; the answer never changes, so it is computed once.
 */

const keys = new Map<string, KeyObject>();
const opened = new Map<string, Uint8Array>();

/** Nothing of one world is known in the next. */
export function forgetAnswers(): void {
  keys.clear();
  forgetSignatures();
  opened.clear();
}

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const x = toBase64Url(publicKey);
  const known = keys.get(x) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  keys.set(x, known);
  return known;
}

const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Bytes that come as a text are several times as fast as a buffer of their own. */
function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(32);
  for (let at = 0; at < 32; at++) digest[at] = text.charCodeAt(at);
  return digest;
}

export const simulatedCrypto: LogCrypto = {
  sha256,
  verify: async (publicKey, signature, message) =>
    isSigned(publicKey, signature, message, () => publicKeyObject(publicKey)),
};

/** What it signs is known to be signed. */
export function signerWith(
  key: KeyObject,
  publicKey: Uint8Array,
): Signer & { readonly signNow: (message: Uint8Array) => Uint8Array } {
  const signNow = (message: Uint8Array): Uint8Array => {
    const signature = sign(undefined, message, key);
    rememberSigned(publicKey, signature, message);
    return signature;
  };
  return { publicKey, sign: async (message) => signNow(message), signNow };
}

/** @param seed the private key of RFC 8032, 32 bytes */
export function simulatedSigner(seed: Uint8Array): Signer {
  const { publicKey } = signerOf(seed);
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return signerWith(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }), publicKey);
}

const vault = createKeyVault([masterKey(new Uint8Array(32).fill(1))], new Uint8Array(32).fill(2));

const nameOf = (sealed: Uint8Array, aad: string): string => `${aad}\n${latin(sealed)}`;

export const sealer: KeyVault = {
  ...vault,
  seal(plain, aad) {
    const sealed = vault.seal(plain, aad);
    opened.set(nameOf(sealed, aad), plain.slice());
    return sealed;
  },
  open(sealed, aad) {
    const name = nameOf(sealed, aad);
    const known = opened.get(name) ?? vault.open(sealed, aad);
    opened.set(name, known);
    return known;
  },
};
