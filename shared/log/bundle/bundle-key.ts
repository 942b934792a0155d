import { z } from 'zod';
import { concatBytes, fromBase64Url, toHex, utf8 } from '../../kernel/bytes.ts';
import type { LogCrypto } from '../log-crypto.ts';

/** The secret that the devices of a clinic share, so that one can read what another wrote on a stick. */
export const BundleKey = z.strictObject({
  /** Counts from 1; the hub begins a new one when it shuts out a device. */
  generation: z.int().positive(),
  /** 32 bytes, base64url. */
  secret: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});
export type BundleKey = z.infer<typeof BundleKey>;

/** How a bundle names its key: which generation, and whether it is this hub's. It says nothing of the secret. */
export const KeyName = z.string().regex(/^[1-9]\d{0,8}-[0-9a-f]{16}$/);

export function keyName({ generation, secret }: BundleKey, crypto: Pick<LogCrypto, 'sha256'>): string {
  const check = crypto.sha256(concatBytes(utf8('bundle-key:1\n'), fromBase64Url(secret)));
  return `${generation}-${toHex(check).slice(0, 16)}`;
}

/** @param name as `KeyName` */
export function generationOf(name: string): number {
  return Number(name.split('-')[0]);
}

/** Earlier ones that a device keeps, so that a stick that was long on its way can still be read. */
const mostKept = 16;

/** With one that was just learned, the newest first. */
export function withKey(kept: readonly BundleKey[] | undefined, learned: BundleKey | undefined): BundleKey[] {
  const others = (kept ?? []).filter(({ secret }) => secret !== learned?.secret);
  const all = learned === undefined ? others : [learned, ...others];
  return all.sort((a, b) => b.generation - a.generation).slice(0, mostKept);
}
