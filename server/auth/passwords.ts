import { timingSafeEqual } from 'node:crypto';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Argon2id, Argon2Parameters } from './argon2-api.ts';
import { readPhc, writePhc } from './phc-string.ts';
import { createWorkGate } from './work-gate.ts';

export interface Passwords {
  /** A PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /**
   * Costs the same without a `stored`, so that the time does not tell whether there is an account.
   * `rehash`: right, but stored with parameters that are no longer the hub's.
   */
  verify(password: string, stored: string | undefined): Promise<'wrong' | 'right' | 'rehash'>;
}

/** OWASP's minimum: 19 MiB, two passes. */
export const passwordParameters: Argon2Parameters = { memoryKib: 19 * 1024, passes: 2, lanes: 1 };

const saltBytes = 16;
/** Two cores and 38 MiB at most; a flood waits, and its end is turned away. */
const atOnce = 2;
const mostWaiting = 64;

/** One form for what keyboards write in several (Unicode NFKC, as NIST SP 800-63B section 3.1.1.2 asks). */
const bytesOf = (password: string): Uint8Array => utf8(password.normalize('NFKC'));

/** @throws AppError `account.too-many-attempts` from both, when too many wait */
export function createPasswords(
  argon2id: Argon2id,
  random: (bytes: number) => Uint8Array,
  parameters: Argon2Parameters = passwordParameters,
): Passwords {
  const refuse = (): Error =>
    new AppError('account.too-many-attempts', `${mostWaiting} sign-ins wait already`);
  const gate = createWorkGate({ atOnce, mostWaiting, refuse });
  const nobody = { parameters, salt: new Uint8Array(saltBytes), tag: new Uint8Array(32) };

  return {
    async hash(password) {
      const salt = random(saltBytes);
      const tag = await gate.run(() => argon2id(bytesOf(password), salt, parameters));
      return writePhc({ parameters, salt, tag });
    },

    async verify(password, stored) {
      const known = stored === undefined ? undefined : readPhc(stored);
      if (stored !== undefined && known === undefined)
        throw new TypeError('a password hash in no known form');
      const record = known ?? nobody;
      const tag = await gate.run(() => argon2id(bytesOf(password), record.salt, record.parameters));
      if (!timingSafeEqual(tag, record.tag) || known === undefined) return 'wrong';
      const { memoryKib, passes, lanes } = known.parameters;
      const isCurrent =
        memoryKib === parameters.memoryKib && passes === parameters.passes && lanes === parameters.lanes;
      return isCurrent ? 'right' : 'rehash';
    },
  };
}
