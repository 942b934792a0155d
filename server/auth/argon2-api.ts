/** argon2id (RFC 9106), version 0x13, as a port: native where there is one, JavaScript elsewhere. */

export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** @returns a tag of 32 bytes */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2Parameters,
) => Promise<Uint8Array>;

export const tagBytes = 32;
