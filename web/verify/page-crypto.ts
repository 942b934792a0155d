import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex } from '../../shared/kernel/bytes.ts';
import type { VerifyCrypto } from '../../shared/log/verify/verify-export.ts';

/** Hashes by a program of the page's own, because the browser's are asynchronous; signatures by the browser. */
export const pageCrypto: VerifyCrypto = {
  sha256: (bytes) => sha256(bytes),
  startSha256() {
    const running = sha256.create();
    return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
  },
  async verify(publicKey, signature, message) {
    try {
      const key = await importedKey(publicKey);
      return await crypto.subtle.verify('Ed25519', key, copyOf(signature), copyOf(message));
    } catch {
      return false;
    }
  },
};

const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const mostKeys = 1000;
const keys = new Map<string, Promise<CryptoKey>>();

/** The same few devices sign again and again. */
function importedKey(publicKey: Uint8Array): Promise<CryptoKey> {
  const name = publicKey.join();
  const known = keys.get(name);
  if (known !== undefined) return known;
  const made = crypto.subtle.importKey('raw', copyOf(publicKey), 'Ed25519', false, ['verify']);
  if (keys.size >= mostKeys) keys.clear();
  keys.set(name, made);
  return made;
}

/** RFC 8032 section 7.1, test 1: over an empty message. */
const testKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const testSignature =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

/** Older browsers, and pages over plain HTTP, cannot check signatures: then nothing may be said. */
export function canCheckSignatures(): Promise<boolean> {
  return pageCrypto.verify(fromHex(testKey), fromHex(testSignature), new Uint8Array());
}
