import { toHex, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson, type Json } from '../../kernel/canonical-json.ts';
import type { LogCrypto } from '../log-crypto.ts';

const prefix = 'result:';

/**
 * The entity of a result: whoever computes the same from the same names it alike.
 * @param image its identity
 * @param parameters whatever else changes the outcome
 */
export function resultKey(
  image: string,
  modelSha256s: readonly string[],
  parameters: { readonly [name: string]: Json },
  { sha256 }: Pick<LogCrypto, 'sha256'>,
): string {
  const text = canonicalJson({ image, models: modelSha256s, parameters });
  return prefix + toHex(sha256(utf8(`result:1\n${text}`)));
}

/** Apart from results, what a tombstone is about is an image. */
export function isResultKey(entity: string): boolean {
  return entity.startsWith(prefix);
}
