import { argon2 } from 'node:crypto';
import { type Argon2id, tagBytes } from './argon2-api.ts';

/** OpenSSL's, on a thread of its own: the event loop goes on. */
export const nativeArgon2id: Argon2id = (
  message,
  nonce,
  { memoryKib: memory, passes, lanes: parallelism },
) => {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const parameters = { message, nonce, memory, passes, parallelism, tagLength: tagBytes };
  argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  return promise;
};
