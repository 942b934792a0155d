import {
  type Ledger,
  type Lost,
  type LossSummary,
  mostLedgerBytes,
  mostNamed,
  type NamedEntry,
  type Unsynced,
} from './ledger.ts';

// By hand: the page that reads it is not to load a schema library for it at its start.

type Unknown<Shape> = { readonly [Name in keyof Shape]?: unknown };

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCountOrNone = (value: unknown): boolean => value === undefined || isCount(value);
const isDevice = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

const isCounts = (value: unknown): value is Record<string, number> =>
  isObject(value) && Object.values(value).every(isCount);

function isNamed(value: unknown): value is NamedEntry {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [h, n, at, kind] = value as readonly unknown[];
  return (
    typeof h === 'string' && /^[0-9a-f]{64}$/.test(h) && isCount(n) && isCount(at) && typeof kind === 'string'
  );
}

function isUnsynced(value: unknown): value is Unsynced {
  if (!isObject(value)) return false;
  const { device, version, at, count, kinds, pictures, first, last, from, names, sizes } =
    value as Unknown<Unsynced>;
  return (
    isDevice(device) &&
    [version, at, count, pictures].every(isCount) &&
    isCounts(kinds) &&
    [first, last, from].every(isCountOrNone) &&
    Array.isArray(sizes) &&
    sizes.length === 3 &&
    sizes.every(isCount) &&
    Array.isArray(names) &&
    names.length <= mostNamed &&
    names.every(isNamed)
  );
}

function isSummary(value: unknown): value is LossSummary {
  if (!isObject(value)) return false;
  const { count, kinds, first, last } = value as Unknown<LossSummary>;
  return isCount(count) && isCounts(kinds) && [first, last].every(isCountOrNone);
}

function isLost(value: unknown): value is Lost {
  if (!isObject(value)) return false;
  const { noted, missing } = value as Unknown<Lost>;
  return isUnsynced(noted) && (missing === undefined || isSummary(missing));
}

/** Undefined for what is not there, or is no ledger of this version: then nothing is known. */
export function readLedger(text: string | null): Ledger | undefined {
  if (text === null || text.length > mostLedgerBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { format, unsynced, settledAt, lost, former, isFirst, earlierAt } = value as Unknown<Ledger>;
  const isLedger =
    format === 1 &&
    isUnsynced(unsynced) &&
    isCountOrNone(settledAt) &&
    isCountOrNone(earlierAt) &&
    (isFirst === undefined || isFirst === true) &&
    (lost === undefined || isLost(lost)) &&
    Array.isArray(former) &&
    former.every(isDevice);
  return isLedger ? (value as Ledger) : undefined;
}
