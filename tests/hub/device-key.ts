import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { enrolmentMessage } from '../../shared/api/devices.ts';
import { fromBase64Url, toBase64Url } from '../../shared/kernel/bytes.ts';
import { deviceIdOf } from '../../shared/log/entry.ts';
import type { LogCrypto } from '../../shared/log/log-crypto.ts';

export const testCrypto: LogCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  async verify(publicKey, signature, message) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey) };
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  },
};

/** A device that is about to be enrolled. */
export function deviceKey() {
  const { publicKey: key, privateKey } = generateKeyPairSync('ed25519');
  const publicKey = key.export({ format: 'jwk' }).x!;
  return {
    publicKey,
    id: deviceIdOf(fromBase64Url(publicKey), testCrypto),
    proof: (facts: { readonly clinic: string; readonly sessionId: string }): string =>
      toBase64Url(sign(null, enrolmentMessage({ ...facts, publicKey }), privateKey)),
  };
}
