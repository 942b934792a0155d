import nodeCrypto, { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Dice } from '../property/dice.ts';
import { answerInTexts } from './text-messages.ts';

/** What a process has from outside although nobody handed it over. */
export interface Outside {
  /** Milliseconds since 1970. */
  wallClock(): number;
  readonly dice: Dice;
  /** For what modules keep over the end of a world, such as a store of nonces: it may shift, and decides nothing. */
  readonly looseDice: Dice;
  /** Calls once, `ms` later. */
  later(ms: number, what: string, call: () => void): void;
}

let outside: Outside | undefined;

function current(): Outside {
  if (outside === undefined) throw new TypeError('there is no world yet');
  return outside;
}

/** From now on clock, randomness and timers of this process are those of one virtual world. */
export function moveInto(world: Outside): void {
  outside = world;
}

function fill<Bytes extends ArrayBufferView>(view: Bytes, dice = current().dice): Bytes {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let index = 0; index < bytes.length; index++) bytes[index] = dice.int(0, 255);
  return view;
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return fill(new Uint8Array(length));
}

/** RFC 9562 version 4. */
export function randomUuid(): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** PKCS #8 of an Ed25519 key, up to its 32 secret bytes (RFC 8410 section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key pair that the dice decide. */
export function makeKeyPair(): { readonly pkcs8: Buffer; readonly publicKey: Uint8Array } {
  const pkcs8 = Buffer.concat([pkcs8Head, randomBytes(32)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { pkcs8, publicKey: new Uint8Array(spki.subarray(-32)) };
}

class VirtualDate extends Date {
  constructor(...args: readonly [] | ConstructorParameters<DateConstructor>) {
    if (args.length === 0) super(current().wallClock());
    else super(...(args as [number]));
  }

  static override now(): number {
    return current().wallClock();
  }
}

interface Timer {
  cancelled: boolean;
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
}

function virtualTimeout(call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
  const timer: Timer = {
    cancelled: false,
    ref: () => timer,
    unref: () => timer,
    hasRef: () => false,
  };
  current().later(ms, 'timer', () => {
    if (!timer.cancelled) call(...args);
  });
  return timer;
}

/** Web Crypto's generator for Ed25519 takes its bytes from the dice; any other key is made by nobody here. */
async function generateKey(algorithm: unknown, extractable: boolean): Promise<unknown> {
  const name = typeof algorithm === 'string' ? algorithm : (algorithm as { name: string }).name;
  if (name !== 'Ed25519') throw new TypeError(`no dice make a key for ${name}`);
  const { pkcs8, publicKey } = makeKeyPair();
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), 'Ed25519', extractable, [
      'sign',
    ]),
    publicKey: await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', true, ['verify']),
  };
}

type Call = (...args: never[]) => unknown;

/** A function of `node:crypto` that leaves for another thread when it is given a callback: here it stays. */
function onThisThread(call: Call, parameters: number) {
  return (...args: unknown[]): unknown => {
    const result = call(...(args.slice(0, parameters) as never[]));
    const callback = args[parameters] as ((error: null, result: unknown) => void) | undefined;
    if (callback === undefined) return result;
    queueMicrotask(() => callback(null, result));
    return undefined;
  };
}

/**
 * Takes from this process every clock, timer and source of randomness that no seed decides. To be called once, before any
 * other module reads them.
 */
export function sealProcess(): void {
  globalThis.Date = VirtualDate as unknown as DateConstructor;
  Math.random = () => current().dice.next();
  const timers = globalThis as unknown as Record<string, unknown>;
  timers['setTimeout'] = virtualTimeout;
  timers['clearTimeout'] = (timer: Timer | undefined) => {
    if (timer !== undefined) timer.cancelled = true;
  };
  timers['setInterval'] = () => {
    throw new TypeError('nothing here may tick for ever');
  };
  timers['setImmediate'] = () => {
    throw new TypeError('nobody here waits for a turn of the loop: `comeToRest` would not know of it');
  };
  const loosely = <Bytes extends ArrayBufferView>(view: Bytes): Bytes => fill(view, current().looseDice);
  const webCrypto = Object.getPrototypeOf(crypto) as Record<string, unknown>;
  webCrypto['getRandomValues'] = loosely;
  webCrypto['randomUUID'] = randomUuid;
  const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, unknown>;
  subtle['generateKey'] = generateKey;
  const node = nodeCrypto as unknown as Record<string, unknown>;
  node['randomBytes'] = (length: number) => loosely(Buffer.alloc(length));
  node['randomFillSync'] = loosely;
  node['randomUUID'] = randomUuid;
  node['sign'] = onThisThread(sign, 3);
  node['verify'] = onThisThread(verify, 4);
  node['generateKeyPairSync'] = (type: string) => {
    if (type !== 'ed25519') throw new TypeError(`no dice make a key for ${type}`);
    const privateKey = createPrivateKey({ key: makeKeyPair().pkcs8, format: 'der', type: 'pkcs8' });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  };
  answerInTexts();
  syncBuiltinESMExports();
}
