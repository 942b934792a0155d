import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { concatBytes, fromBase64Url, fromHex, toBase64Url } from '../../shared/kernel/bytes.ts';
import type { LogCrypto, RunningHash, Signer } from '../../shared/log/log-crypto.ts';

// On threads of their own: many signatures in a push are checked on all cores, and the event loop goes on meanwhile.
const verifyOnThread = promisify(verify);
const signOnThread = promisify(sign);

const mostKeys = 4096;
const keys = new Map<string, KeyObject>();

/** Making a key object costs half as much as a check, and the same few devices sign again and again. */
function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const x = toBase64Url(publicKey);
  const known = keys.get(x);
  if (known !== undefined) return known;
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (keys.size >= mostKeys) keys.delete(keys.keys().next().value!);
  keys.set(x, made);
  return made;
}

/** The log's cryptography by `node:crypto`, which Node, Deno and workerd have. */
export const nodeCrypto: LogCrypto = {
  // By way of hex: a buffer that is made natively costs more than the hash.
  sha256: (bytes) => fromHex(hash('sha256', bytes, 'hex')),
  async verify(publicKey, signature, message) {
    try {
      return await verifyOnThread(undefined, message, publicKeyObject(publicKey), signature);
    } catch {
      return false;
    }
  },
};

export function runningSha256(): RunningHash {
  const running = createHash('sha256');
  return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
}

/** PKCS #8 around a seed (RFC 8410 section 7). */
const pkcs8Prefix = fromHex('302e020100300506032b657004220420');

/** @param seed the private key of RFC 8032, 32 bytes */
export function signerOf(seed: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.from(concatBytes(pkcs8Prefix, seed)),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: fromBase64Url(x!),
    sign: async (message) => signOnThread(undefined, message, key),
  };
}
