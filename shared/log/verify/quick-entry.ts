import type { ExportedEntry } from '../export-lines.ts';

const hash = /^[0-9a-f]{64}$/;
const half = /^[0-9a-f]{32}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const kinds = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const lastMs = 253_402_300_799_999;
const mostTextLength = 1024 * 1024;

type Unknown<Shape> = { readonly [Name in keyof Shape]?: unknown };

const isHash = (value: unknown): boolean => typeof value === 'string' && hash.test(value);
const isHashOrNull = (value: unknown): boolean => value === null || isHash(value);
const isUuid = (value: unknown): boolean => typeof value === 'string' && uuid.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isMs = (value: unknown): boolean => isCount(value) && (value as number) <= lastMs;
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Whether this is the line of an entry, as its schema says, for all lines that the program writes: several times as fast
 * as the schema, which has the last word where this says no. Members that do not belong are not looked for: whoever asks
 * compares the line with the one text that its known members give.
 */
export function isQuickEntry(value: object): value is ExportedEntry {
  const { type, entry, place, body } = value as Unknown<ExportedEntry>;
  return (
    type === 'entry' && isObject(place) && isPlace(place) && isObject(entry) && isEntry(entry) && isBody(body)
  );
}

function isPlace(value: object): boolean {
  const { h, index, effTs, recvAt } = value as Unknown<ExportedEntry['place']>;
  return isHash(h) && isCount(index) && isMs(effTs) && isMs(recvAt);
}

function isEntry(value: object): boolean {
  const entry = value as Unknown<ExportedEntry['entry']>;
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
    (actor === 'hub' || isUuid(actor)) &&
    Array.isArray(ts) &&
    ts.length === 2 &&
    isMs(ts[0]) &&
    isCount(ts[1]) &&
    Array.isArray(basedOn) &&
    basedOn.length <= 64 &&
    basedOn.every(isHash) &&
    isHashOrNull(bodyHash) &&
    (seen === null || (isObject(seen) && isSeen(seen)))
  );
}

function isSeen(value: object): boolean {
  const { epoch, size, root } = value as Unknown<NonNullable<ExportedEntry['entry']['seen']>>;
  return isText(epoch, 32) && half.test(epoch) && isCount(size) && isHash(root);
}

function isBody(value: unknown): boolean {
  if (!isObject(value)) return value === null;
  const { salt, text } = value as Unknown<NonNullable<ExportedEntry['body']>>;
  return isText(salt, 32) && half.test(salt) && isText(text, mostTextLength);
}
