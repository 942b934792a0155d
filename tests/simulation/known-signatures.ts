import { verify, type KeyObject } from 'node:crypto';

/**
 * Signatures that were asked about, or made, in this process: twenty devices ask about the same one, and the answer never
 * changes.
 */
const known = new Map<string, boolean>();

/** Nothing of one world is known in the next. */
export function forgetSignatures(): void {
  known.clear();
}

const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Keys and signatures that have another length are never known. */
const question = (publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): string | undefined =>
  publicKey.length === 32 && signature.length === 64
    ? latin(publicKey) + latin(signature) + latin(message)
    : undefined;

/** What this process signs itself is known to be signed. */
export function rememberSigned(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): void {
  const name = question(publicKey, signature, message);
  if (name !== undefined) known.set(name, true);
}

/** Ed25519; false for a key or signature that is none. */
export function isSigned(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
  keyObject: () => KeyObject,
): boolean {
  const name = question(publicKey, signature, message);
  if (name === undefined) return false;
  const answer = known.get(name) ?? verifyNow(signature, message, keyObject);
  known.set(name, answer);
  return answer;
}

function verifyNow(signature: Uint8Array, message: Uint8Array, keyObject: () => KeyObject): boolean {
  try {
    return verify(undefined, message, keyObject(), signature);
  } catch {
    return false;
  }
}
