import { createPublicKey, KeyObject, sign, type webcrypto } from 'node:crypto';
import { setImmediate } from 'node:timers';
import { isSigned, rememberSigned } from './known-signatures.ts';

/**
 * Web Crypto works in other threads, whose order no seed decides. In this process Ed25519 and what jose makes of it are
 * computed on the spot; whatever else is asked of Web Crypto is counted, and handed over in the order in which it was asked.
 */

interface Finished {
  readonly handOver: () => void;
}

let asked = 0;
let handedOver = 0;
const finished = new Map<number, Finished>();

/** Of the loop of the process, where other threads hand over and the parent is heard. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Node comes to it when no promise has anything left to do. */
const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** A turn costs as much as all else that most events set off. */
const eventsPerTurn = 256;

let rests = 0;

/**
 * Resolves when this process has nothing left to do but to wait for the scheduler. Two ticks: what one event sets off may end
 * in `nextTick`, which streams of Node do. `setImmediate` is sealed off (`outside.ts`).
 */
export async function comeToRest(): Promise<void> {
  rests += 1;
  if (rests % eventsPerTurn === 0) await turn();
  for (;;) {
    if (handedOver !== asked) await turn();
    await tick();
    await tick();
    if (handedOver === asked) return;
    const next = finished.get(handedOver);
    if (next === undefined) continue;
    finished.delete(handedOver);
    handedOver += 1;
    next.handOver();
  }
}

type Method = (...args: unknown[]) => Promise<unknown>;

function counted(original: Method): Method {
  return function count(this: unknown, ...args) {
    const number = asked;
    asked += 1;
    const outcome = original.apply(this, args);
    return new Promise((resolve, reject) => {
      outcome.then(
        (value) => finished.set(number, { handOver: () => resolve(value) }),
        (error: unknown) => finished.set(number, { handOver: () => reject(error) }),
      );
    });
  };
}

const isEd25519 = (algorithm: unknown): boolean =>
  (typeof algorithm === 'string' ? algorithm : (algorithm as { name?: string }).name) === 'Ed25519';

interface KnownKey {
  readonly object: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

const knownKeys = new WeakMap<webcrypto.CryptoKey, KnownKey>();

function knownKey(key: webcrypto.CryptoKey): KnownKey {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const object = KeyObject.from(key);
  const { x } = (key.type === 'private' ? createPublicKey(object) : object).export({ format: 'jwk' });
  const made = { object, publicKey: new Uint8Array(Buffer.from(x!, 'base64url')) };
  knownKeys.set(key, made);
  return made;
}

const asBytes = (data: webcrypto.BufferSource): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

/** To be called once, before anything else of the process uses Web Crypto. */
export function countWebCrypto(): void {
  const methods = Object.getPrototypeOf(crypto.subtle) as Record<string, Method>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    if (name === 'constructor' || typeof methods[name] !== 'function') continue;
    methods[name] = counted(methods[name]);
  }
  const { sign: slowSign, verify: slowVerify } = methods;
  methods['sign'] = async function signNow(...args) {
    const [algorithm, key, data] = args as Parameters<webcrypto.SubtleCrypto['sign']>;
    if (!isEd25519(algorithm)) return slowSign!.apply(this, args);
    const { object, publicKey } = knownKey(key);
    const signature = sign(null, asBytes(data), object);
    rememberSigned(publicKey, signature, asBytes(data));
    return signature.buffer.slice(signature.byteOffset, signature.byteOffset + signature.length);
  };
  methods['verify'] = async function verifyNow(...args) {
    const [algorithm, key, signature, data] = args as Parameters<webcrypto.SubtleCrypto['verify']>;
    if (!isEd25519(algorithm)) return slowVerify!.apply(this, args);
    const { object, publicKey } = knownKey(key);
    return isSigned(publicKey, asBytes(signature), asBytes(data), () => object);
  };
}
