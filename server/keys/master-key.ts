import { hkdfSync } from 'node:crypto';
import { AppError } from '../../shared/kernel/errors.ts';

/** What is derived from one master key (HKDF, RFC 5869): the key itself encrypts nothing. */
export interface MasterKey {
  /** 8 bytes, stored in clear beside what the key wraps. */
  readonly id: Uint8Array;
  readonly wrapping: Uint8Array;
}

export const masterKeyBytes = 32;
export const masterKeyIdBytes = 8;

const none = new Uint8Array(0);

/** @param secret 32 random bytes */
export function masterKey(secret: Uint8Array): MasterKey {
  if (secret.length !== masterKeyBytes) throw new TypeError('a master key has 32 bytes');
  const derive = (use: string, bytes: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, none, `fieldray ${use}`, bytes));
  return {
    id: derive('master-key id:1', masterKeyIdBytes),
    wrapping: derive('master-key wrapping:1', masterKeyBytes),
  };
}

/**
 * @param text 32 bytes, base64 or base64url
 * @param source what the sentence of a refusal names; the text itself is never repeated
 * @throws AppError `usage.invalid`
 */
export function parseMasterKey(text: string, source: string): MasterKey {
  const trimmed = text.trim();
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : none;
  if (bytes.length !== masterKeyBytes) {
    const example = 'node -p "crypto.randomBytes(32).toString(\'base64\')"';
    throw new AppError('usage.invalid', `${source} must hold 32 bytes as base64; a new one: ${example}.`);
  }
  return masterKey(bytes);
}
