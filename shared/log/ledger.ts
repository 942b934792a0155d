/**
 * What a device has written and its hub has not: noted in a place apart from the records, so that what was lost with them can
 * be named. Names of entries, kinds, numbers and times, all of which every device of a clinic has in clear; nothing of a patient.
 */

/** The name of an entry, its number in its chain, when it was written and its kind. */
export type NamedEntry = readonly [h: string, n: number, at: number, kind: string];

/** Of one moment of a store. Times in milliseconds since 1970, by the clock of the device. */
export interface Unsynced {
  /** Whose chain grew then. */
  readonly device: string;
  /** Of the store: grows with whatever is written into it. */
  readonly version: number;
  readonly at: number;
  readonly count: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Files of which the hub lacks a part. */
  readonly pictures: number;
  /** How many entries, bodies and rows the store held: of the same version it always holds as many. */
  readonly sizes: readonly [entries: number, bodies: number, rows: number];
  /** When the oldest and the newest were written; absent where there is none. */
  readonly first?: number;
  readonly last?: number;
  /** Where in the chain of `device` the oldest stands. */
  readonly from?: number;
  /** The newest, in the order in which they are sent. */
  readonly names: readonly NamedEntry[];
}

/** What of it did not come back. */
export interface LossSummary {
  readonly count: number;
  /** Empty where it is not known of each. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly first?: number;
  readonly last?: number;
}

export interface Lost {
  readonly noted: Unsynced;
  /** Against all that the hub has; absent until that is here. */
  readonly missing?: LossSummary;
}

export interface Ledger {
  readonly format: 1;
  readonly unsynced: Unsynced;
  /** The last time that everything was at the hub. */
  readonly settledAt?: number;
  /** Until a person has confirmed it. */
  readonly lost?: Lost;
  /** Whose chains ended here: what is still said of them comes late. */
  readonly former: readonly string[];
  /** Nothing was here when it was begun: whether that was so before is still to be asked of the hub. */
  readonly isFirst?: true;
  /** When the hub last heard of what may have been this device; until a person has confirmed it. */
  readonly earlierAt?: number;
}

/** Two lists of so many, and what stands around them, are less than 8 KiB. */
export const mostNamed = 28;
const mostKinds = 8;
const longestKind = 40;
const mostFormer = 4;
export const mostLedgerBytes = 8192;

/**
 * @param facts `oldest` is the first that is sent
 * @param kinds how many there are of each
 * @param newest the last that are sent, in that order
 */
export function noteUnsynced(
  facts: Pick<Unsynced, 'device' | 'version' | 'at' | 'count' | 'pictures' | 'sizes' | 'from'> & {
    readonly oldest?: NamedEntry;
  },
  kinds: Readonly<Record<string, number>>,
  newest: readonly NamedEntry[],
): Unsynced {
  const { oldest, ...rest } = facts;
  const last = newest.at(-1);
  return {
    ...rest,
    kinds: fewKinds(kinds),
    ...(oldest !== undefined && { first: oldest[2] }),
    ...(last !== undefined && { last: last[2] }),
    names: newest
      .slice(-mostNamed)
      .map(([h, n, at, kind]) => [h, n, at, kind.slice(0, longestKind)] as const),
  };
}

/** The largest, and the others together. */
function fewKinds(kinds: Readonly<Record<string, number>>): Record<string, number> {
  const sorted = Object.entries(kinds).toSorted(([, a], [, b]) => b - a);
  const others = sorted.slice(mostKinds - 1).reduce((sum, [, count]) => sum + count, 0);
  const few = sorted
    .slice(0, mostKinds - 1)
    .map(([kind, count]) => [kind.slice(0, longestKind), count] as const);
  return Object.fromEntries([...few, ...(others > 0 ? [['other', others] as const] : [])]);
}

/**
 * The ledger after a look at the store. Two windows write the same one: whoever looked at the later store is right, in whichever
 * order they write. A store that is another device's by now has been made anew, or the device has a new key; until it has been
 * asked for each name, all that was unsynced counts as lost.
 */
export function noted(held: Ledger | undefined, note: Unsynced): Ledger {
  const settled = note.count === 0 && note.pictures === 0 ? { settledAt: note.at } : {};
  if (held === undefined) return { format: 1, unsynced: note, former: [], isFirst: true, ...settled };
  const before = held.unsynced;
  if (held.former.includes(note.device)) return held;
  if (before.device === note.device) {
    return note.version < before.version ? held : { ...held, unsynced: note, ...settled };
  }
  // Files that are still here can still be sent.
  const gone = { ...before, pictures: Math.max(0, before.pictures - note.pictures) };
  const isSomethingLost = gone.count > 0 || gone.pictures > 0;
  const lost = isSomethingLost ? { noted: joined(held.lost?.noted, gone) } : held.lost;
  const former = [...held.former, before.device].slice(-mostFormer);
  return { ...held, unsynced: note, former, ...settled, ...(lost !== undefined && { lost }) };
}

/**
 * Whether a store that was looked at after this was noted lacks something: it is an earlier one that somebody put back, its end
 * is gone, or a part of it, for browsers pass over in silence what they cannot read. Entries are only ever added.
 */
export function lacksSomething(held: Ledger | undefined, note: Unsynced): boolean {
  if (held?.unsynced.device !== note.device) return false;
  const { version, sizes } = held.unsynced;
  if (note.version === version) return note.sizes.some((size, index) => size !== sizes[index]);
  return note.version < version || note.sizes[0] < sizes[0];
}

/** The ledger, knowing what did not come back. Nothing is lost that the store has, or the hub had. */
export function counted(held: Ledger, missing: LossSummary): Ledger {
  const { lost, ...rest } = held;
  if (lost === undefined) return held;
  const isNothing = missing.count === 0 && lost.noted.pictures === 0;
  return isNothing ? rest : { ...rest, lost: { ...lost, missing } };
}

/** @param earlierAt what the hub said of an earlier device; undefined when it knows of none */
export function begun(held: Ledger, earlierAt: number | undefined): Ledger {
  const { isFirst, ...rest } = held;
  return isFirst === true && earlierAt !== undefined ? { ...rest, earlierAt } : rest;
}

/** A person has read it. */
export function confirmed(held: Ledger): Ledger {
  const { lost, earlierAt, ...rest } = held;
  return lost === undefined && earlierAt === undefined ? held : rest;
}

/** Two losses that nobody has confirmed, as one. */
function joined(older: Unsynced | undefined, newer: Unsynced): Unsynced {
  if (older === undefined) return newer;
  const kinds = { ...newer.kinds };
  for (const [kind, count] of Object.entries(older.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  const first = older.first ?? newer.first;
  const last = newer.last ?? older.last;
  const { device, version, at, count, pictures, sizes, names } = newer;
  return {
    device,
    version,
    at,
    count: older.count + count,
    kinds: fewKinds(kinds),
    pictures: older.pictures + pictures,
    sizes,
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
    ...(newer.from !== undefined && { from: newer.from }),
    names: [...older.names, ...names].slice(-mostNamed),
  };
}

/**
 * What of a loss is still missing.
 * @param held the names of it that are here; @param returned how many of its entries without a name here are here, too
 */
export function missingOf(lost: Unsynced, held: ReadonlySet<string>, returned: number): LossSummary {
  const missing = lost.names.filter(([h]) => !held.has(h));
  const unnamed = Math.max(0, lost.count - lost.names.length - returned);
  const count = missing.length + unnamed;
  if (count === 0) return { count, kinds: {} };
  const [first] = missing;
  const last = missing.at(-1);
  return {
    count,
    kinds: kindsOfMissing(lost, missing, unnamed),
    ...times(unnamed > 0 ? lost.first : first?.[2], last?.[2] ?? lost.last),
  };
}

function kindsOfMissing(
  { count, kinds, names }: Unsynced,
  missing: readonly NamedEntry[],
  unnamed: number,
): Record<string, number> {
  const counts: Record<string, number> = {};
  if (unnamed === 0) {
    for (const [, , , kind] of missing) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
  // Of those without a name it is known only for all together.
  return unnamed === count - names.length && missing.length === names.length ? { ...kinds } : {};
}

function times(first: number | undefined, last: number | undefined): Pick<LossSummary, 'first' | 'last'> {
  return { ...(first !== undefined && { first }), ...(last !== undefined && { last }) };
}
