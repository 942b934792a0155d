import type { Argon2Parameters } from './argon2-api.ts';

// The PHC string format: $argon2id$v=19$m=19456,t=2,p=1$salt$tag, base64 without padding.

export interface PasswordRecord {
  readonly parameters: Argon2Parameters;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

const form = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

export function writePhc({ parameters: { memoryKib, passes, lanes }, salt, tag }: PasswordRecord): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`;
}

/** Undefined for a text in another form. */
export function readPhc(text: string): PasswordRecord | undefined {
  const [, memoryKib, passes, lanes, salt, tag] = form.exec(text) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  return {
    parameters: { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
