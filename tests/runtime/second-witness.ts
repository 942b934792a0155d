import { createHash, createPublicKey, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Checkpoint, Placement, Receipt } from '../../shared/log/checkpoint.ts';

/**
 * Hashes, signatures and the tree once more, by another library and straight from the texts of RFC 8785, 8032 and 9162: what
 * hub and shared code agree on may still be wrong.
 */

export const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this has no canonical form');
  return text;
}

export const hashOfEntry = (entry: unknown): string => sha256('entry:1\n', canonical(entry)).toString('hex');

export function isSigned(key: string, sig: string, message: string): boolean {
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
  return verify(null, Buffer.from(message), publicKey, Buffer.from(sig, 'base64url'));
}

function leaf({ h, effTs, recvAt }: Placement): Buffer {
  const data = Buffer.alloc(48);
  Buffer.from(h, 'hex').copy(data);
  data.writeBigUInt64BE(BigInt(effTs), 32);
  data.writeBigUInt64BE(BigInt(recvAt), 40);
  return sha256(Buffer.of(0), data);
}

/** MTH of RFC 9162 section 2.1.1, word for word. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** In lower-case hex, of the whole order. */
export const rootOfOrder = (places: readonly Placement[]): string =>
  treeHash(places.map(leaf)).toString('hex');

export function isSoundCheckpoint(rootKey: string, { sig, ...facts }: Checkpoint): boolean {
  const { clinic, epoch, size, root, at } = facts;
  return isSigned(rootKey, sig, `checkpoint:1\n${canonical({ clinic, epoch, size, root, at })}`);
}

export function isSoundReceipt(rootKey: string, { sig, checkpoint, placements }: Receipt): boolean {
  return isSigned(rootKey, sig, `receipt:1\n${canonical({ checkpoint, placements })}`);
}
