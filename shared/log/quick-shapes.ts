import type { Placement } from './checkpoint.ts';
import { type Body, type Entry, mostBodyText, type SignedHead } from './entry.ts';

// Whether a value is what its schema asks for, for all that the program writes: a look instead of a parse. The schemas have the
// last word where these say no.

const hash = /^[0-9a-f]{64}$/;
const half = /^[0-9a-f]{32}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const kinds = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const publicKey = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const signature = /^[A-Za-z0-9_-]{85}[AQgw]$/;
const lastMs = 253_402_300_799_999;

type Unknown<Shape> = { readonly [Name in keyof Shape]?: unknown };

const isHash = (value: unknown): boolean => typeof value === 'string' && hash.test(value);
const isHashOrNull = (value: unknown): boolean => value === null || isHash(value);
const isUuid = (value: unknown): boolean => typeof value === 'string' && uuid.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isMs = (value: unknown): boolean => isCount(value) && (value as number) <= lastMs;
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;

/** With so many members and no others, when it is known to have as many of its own. */
export function hasMembers(value: unknown, count: number): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length === count;
}

export function isQuickPlacement(value: unknown): value is Placement {
  if (!hasMembers(value, 4)) return false;
  const { h, index, effTs, recvAt } = value as Unknown<Placement>;
  return isHash(h) && isCount(index) && isMs(effTs) && isMs(recvAt);
}

export function isQuickEntry(value: unknown): value is Entry {
  if (!hasMembers(value, 12)) return false;
  const entry = value as Unknown<Entry>;
  const { v, clinic, device, n, prev, kind, entity, actor, ts, basedOn, bodyHash, seen } = entry;
  return (
    v === 1 &&
    isUuid(clinic) &&
    isText(device, 32) &&
    half.test(device) &&
    isCount(n) &&
    n !== 0 &&
    isHashOrNull(prev) &&
    isText(kind, 64) &&
    kinds.test(kind) &&
    isText(entity, 200) &&
    entity.length > 0 &&
    !entity.includes('\0') &&
    entity.isWellFormed() &&
    (actor === 'hub' || isUuid(actor)) &&
    Array.isArray(ts) &&
    ts.length === 2 &&
    isMs(ts[0]) &&
    isCount(ts[1]) &&
    Array.isArray(basedOn) &&
    basedOn.length <= 64 &&
    basedOn.every(isHash) &&
    isHashOrNull(bodyHash) &&
    (seen === null || isSeen(seen))
  );
}

function isSeen(value: unknown): boolean {
  if (!hasMembers(value, 3)) return false;
  const { epoch, size, root } = value as Unknown<NonNullable<Entry['seen']>>;
  return isText(epoch, 32) && half.test(epoch) && isCount(size) && isHash(root);
}

/** Of salt and text. */
export function isQuickContent(value: object): boolean {
  const { salt, text } = value as Unknown<Body>;
  return isText(salt, 32) && half.test(salt) && isText(text, mostBodyText) && text.isWellFormed();
}

export function isQuickBody(value: unknown): value is Body {
  return hasMembers(value, 3) && isHash((value as Unknown<Body>).bodyHash) && isQuickContent(value);
}

export function isQuickHead(value: unknown): value is SignedHead {
  if (!hasMembers(value, 6)) return false;
  const { clinic, device, n, h, key, sig } = value as Unknown<SignedHead>;
  return (
    isUuid(clinic) &&
    isText(device, 32) &&
    half.test(device) &&
    isCount(n) &&
    n !== 0 &&
    isHash(h) &&
    isText(key, 43) &&
    publicKey.test(key) &&
    isText(sig, 86) &&
    signature.test(sig)
  );
}

export function areAllQuick<One>(
  value: unknown,
  isOne: (one: unknown) => one is One,
  most = Number.POSITIVE_INFINITY,
): value is One[] {
  return Array.isArray(value) && value.length <= most && value.every((one) => isOne(one));
}
