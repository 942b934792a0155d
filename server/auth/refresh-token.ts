import { createHash, createHmac } from 'node:crypto';
import { toBase64Url } from '../../shared/kernel/bytes.ts';

/**
 * The refresh tokens of a session are a chain: each follows from the one before by a keyed hash whose key only the hub has.
 * So the hub can give the same successor twice, and recognise every earlier one, while it keeps the hash of the newest alone.
 */
export interface RefreshToken {
  readonly session: string;
  /** Its place in the chain, from 0. */
  readonly generation: number;
  /** Base64url, 32 bytes. */
  readonly secret: string;
}

const form = /^([0-9a-f-]{36})\.(\d{1,6})\.([A-Za-z0-9_-]{43})$/;

export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, session, generation, secret] = form.exec(text) ?? [];
  if (session === undefined || secret === undefined) return undefined;
  return { session, generation: Number(generation), secret };
}

export function writeRefreshToken({ session, generation, secret }: RefreshToken): string {
  return `${session}.${generation}.${secret}`;
}

/** The first of a chain. @param secret 32 random bytes */
export function firstRefreshToken(session: string, secret: Uint8Array): RefreshToken {
  return { session, generation: 0, secret: toBase64Url(secret) };
}

export function successorOf({ session, generation, secret }: RefreshToken, key: Uint8Array): RefreshToken {
  const next = generation + 1;
  const hash = createHmac('sha256', key).update(`refresh:1\n${session}\n${next}\n${secret}`).digest();
  return { session, generation: next, secret: toBase64Url(hash) };
}

/** The token of that generation, by as many steps. @param generation not before that of `token` */
export function descendantOf(token: RefreshToken, generation: number, key: Uint8Array): RefreshToken {
  let descendant = token;
  while (descendant.generation < generation) descendant = successorOf(descendant, key);
  return descendant;
}

/** What is kept of a token: lower-case hex. */
export function refreshTokenHash(token: RefreshToken): string {
  return createHash('sha256')
    .update(`refresh:1\n${writeRefreshToken(token)}`)
    .digest('hex');
}
