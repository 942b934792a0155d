import { argon2id } from 'hash-wasm';
import { utf8 } from '../../shared/kernel/bytes.ts';

// A password becomes a key by argon2id (RFC 9106), version 0x13, one lane.

export interface DerivationParameters {
  readonly memoryKib: number;
  readonly passes: number;
}

/** @returns 32 bytes */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: DerivationParameters,
) => Promise<Uint8Array>;

/** As WebAssembly: what costs a guesser as much takes us a fifth of the time that it takes as JavaScript. */
export const wasmArgon2id: Argon2id = (password, salt, { memoryKib: memorySize, passes: iterations }) =>
  argon2id({
    password,
    salt,
    iterations,
    memorySize,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  });

/** What guessing costs at least, however slow this machine is. */
export const leastParameters: DerivationParameters = { memoryKib: 64 * 1024, passes: 3 };
/** What guessing takes at least on this machine, in milliseconds. */
export const leastMs = 250;
/** For a machine that is faster when it is not measured. */
const aimMs = 400;
const mostPasses = 64;

export interface DerivationTools {
  readonly argon2id: Argon2id;
  /** Milliseconds of a clock that nobody can set. */
  readonly monotonic: () => number;
}

export interface Derived {
  readonly secret: Uint8Array;
  readonly tookMs: number;
}

export async function derive(
  password: string,
  salt: Uint8Array,
  parameters: DerivationParameters,
  { argon2id, monotonic }: DerivationTools,
): Promise<Derived> {
  const start = monotonic();
  // One form for what keyboards write in several (Unicode NFKC, as NIST SP 800-63B section 3.1.1.2 asks).
  const secret = await argon2id(utf8(password.normalize('NFKC')), salt, parameters);
  return { secret, tookMs: monotonic() - start };
}

/** With parameters that take at least `leastMs` here, and never fewer than the least. */
export async function deriveAnew(
  password: string,
  salt: Uint8Array,
  tools: DerivationTools,
): Promise<Derived & { readonly parameters: DerivationParameters }> {
  const { memoryKib } = leastParameters;
  let { passes } = leastParameters;
  for (;;) {
    const parameters = { memoryKib, passes };
    const derived = await derive(password, salt, parameters, tools);
    if (derived.tookMs >= leastMs || passes >= mostPasses) return { ...derived, parameters };
    const wanted = Math.ceil((passes * aimMs) / Math.max(derived.tookMs, 1));
    passes = Math.min(mostPasses, Math.max(wanted, passes + 1));
  }
}
