import { argon2idAsync } from '@noble/hashes/argon2.js';
import { type Argon2id, tagBytes } from './argon2-api.ts';

/** Where there is no native one: slower, and it gives way to other work in between. */
export const portableArgon2id: Argon2id = (password, salt, { memoryKib: m, passes: t, lanes: p }) =>
  argon2idAsync(password, salt, { m, t, p, dkLen: tagBytes });
