import { z } from 'zod';
import { concatBytes, fromBase64Url, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { LogCrypto } from '../log-crypto.ts';
import { RecordId } from '../names.ts';
import type { BundleCipher, OpenBundleCipher } from './bundle-cipher.ts';
import { KeyName } from './bundle-key.ts';
import { ByteQueue } from './byte-queue.ts';

/** The one line of a bundle that is in clear: whose it is and under which key, and nothing of anybody. */
export const Prelude = z.strictObject({
  format: z.literal(1),
  clinic: RecordId,
  key: KeyName,
  /** 32 random bytes, base64url: this bundle's own. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});
export type Prelude = z.infer<typeof Prelude>;

const magic = 'fieldray-bundle ';
const mostBytes = 512;
const lineFeed = 0x0a;

export interface PreludeLine {
  readonly prelude: Prelude;
  /** SHA-256 over the line, with which the content's key and digest begin: an altered line opens nothing. */
  readonly digest: Uint8Array;
}

export function writePrelude(
  prelude: Prelude,
  crypto: Pick<LogCrypto, 'sha256'>,
): PreludeLine & { readonly line: Uint8Array } {
  const line = utf8(`${magic}${canonicalJson(prelude)}\n`);
  return { prelude, line, digest: crypto.sha256(line) };
}

/**
 * Reads the line and hands on the rest.
 * @throws AppError `bundle.not-one`, `bundle.newer`
 */
export async function readPrelude(
  bytes: AsyncIterable<Uint8Array>,
  crypto: Pick<LogCrypto, 'sha256'>,
): Promise<PreludeLine & { readonly rest: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  const queue = new ByteQueue();
  let end = -1;
  while (end === -1 && queue.length < mostBytes) {
    const next = await source.next();
    if (next.done === true) break;
    queue.push(next.value);
    end = queue.peek(Math.min(queue.length, mostBytes)).indexOf(lineFeed);
  }
  if (end === -1) throw notOne('it does not begin as one');
  const line = queue.take(end + 1);
  return { prelude: parsed(line), digest: crypto.sha256(line), rest: rest(queue, source) };
}

async function* rest(
  queue: ByteQueue,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield queue.take(queue.length);
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

function parsed(line: Uint8Array): Prelude {
  const value = jsonOf(line);
  const prelude = Prelude.safeParse(value);
  if (prelude.success) return prelude.data;
  const { format } = z.object({ format: z.number() }).catch({ format: 0 }).parse(value);
  if (format > 1) throw new AppError('bundle.newer', `a bundle of format ${format}`);
  throw notOne(prelude.error.message);
}

function jsonOf(line: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    return text.startsWith(magic) ? JSON.parse(text.slice(magic.length)) : undefined;
  } catch {
    return undefined;
  }
}

const notOne = (why: string): AppError => new AppError('bundle.not-one', why);

/** @param secret of the key that the line names */
export function cipherOf(
  { prelude: { salt }, digest }: PreludeLine,
  secret: string,
  open: OpenBundleCipher,
): Promise<BundleCipher> {
  const info = concatBytes(utf8('fieldray bundle:1\n'), digest);
  return open(fromBase64Url(secret), fromBase64Url(salt), info);
}
