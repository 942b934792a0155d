import type { Commit } from './capture-commits.ts';
import { isSealedHeader, type Journal, sealBytes, sectorBytes } from './journal-file.ts';

/**
 * What a power loss can leave of a commit, by SQLite's "Atomic Commit In SQLite" and by the order in which its pager syncs
 * (journal_mode TRUNCATE, synchronous FULL): the records of the journal; the header that says how many there are; the
 * changed pages; the journal's truncation. Between two syncs any part of what was written may be on the disk and any not,
 * by sectors of 512 bytes; what was appended and not written is zero, random, or what stood there before.
 *
 * - `unsynced`: any part of the journal's last segment, cut anywhere; the database as it was, but for pages that left the
 *   cache early, whose segments of the journal were synced before.
 * - `header`: all records; of the header's twelve bytes a beginning or an end (sectors are written linearly).
 * - `synced`: the whole journal; any part of the changed pages, and any length that the database has between.
 * - `finished`: the journal is empty, all pages are there. Only after this the commit was acknowledged.
 */
export type Stage = 'unsynced' | 'header' | 'synced' | 'finished';

export interface TornImage {
  readonly stage: Stage;
  readonly database: Uint8Array;
  readonly journal: Uint8Array;
  /** The only state that may be found. */
  readonly expected: 'before' | 'after';
}

interface Dice {
  readonly random: () => number;
  /** A journal that once stood in the same blocks. */
  readonly stale: Uint8Array;
}

const below = (random: () => number, limit: number): number => Math.floor(random() * limit);

/** All, none, or any share between: the ends are where mistakes sit. */
function anyShare(random: () => number): number {
  const kind = below(random, 4);
  return kind === 0 ? 0 : kind === 1 ? 1 : random();
}

/** Something in place of a sector that was never written. */
function fillUnwritten(target: Uint8Array, at: number, { random, stale }: Dice): void {
  const sector = target.subarray(at, at + sectorBytes);
  const kind = below(random, 3);
  if (kind === 0) sector.fill(0);
  else if (kind === 1) for (let byte = 0; byte < sector.length; byte++) sector[byte] = below(random, 256);
  else {
    const from = sectorBytes * below(random, Math.max(1, stale.length / sectorBytes - 1));
    sector.fill(0);
    // Never an old header itself: it would say of its own that it was synced. Nobody's first block comes back as the first.
    if (!isSealedHeader(stale, from)) sector.set(stale.subarray(from, from + sector.length));
  }
}

function unsyncedJournal({ bytes, openAt }: Journal, dice: Dice): Uint8Array {
  const { random } = dice;
  const end = random() < 0.3 ? bytes.length : openAt + below(random, bytes.length - openAt + 1);
  const journal = bytes.slice(0, end);
  const share = anyShare(random);
  for (let at = openAt; at < end; at += sectorBytes) if (random() >= share) fillUnwritten(journal, at, dice);
  return journal;
}

function halfSealedJournal({ bytes, sealed, openAt }: Journal, random: () => number): Uint8Array {
  const journal = bytes.slice();
  const cut = below(random, sealBytes + 1);
  const [from, to] = random() < 0.5 ? [0, cut] : [cut, sealBytes];
  journal.set(sealed.subarray(openAt + from, openAt + to), openAt + from);
  return journal;
}

/** Each sector from any of `versions`, of which the first was synced and may be shorter. */
function mixedDatabase(versions: readonly [Uint8Array, ...Uint8Array[]], dice: Dice): Uint8Array {
  const { random } = dice;
  const [synced, ...written] = versions;
  const most = Math.max(...versions.map(({ length }) => length));
  const share = anyShare(random);
  const growth = Math.round(((most - synced.length) / sectorBytes) * anyShare(random)) * sectorBytes;
  const database = new Uint8Array(Math.max(synced.length, 0) + growth);
  database.set(synced);
  for (let at = 0; at < database.length; at += sectorBytes) {
    const version = written[below(random, written.length)];
    if (version !== undefined && version.length > at && random() < share) {
      database.set(version.subarray(at, at + sectorBytes), at);
    } else if (at >= synced.length) fillUnwritten(database, at, dice);
  }
  return database;
}

export function tornImage({ before, during, journal, after }: Commit, dice: Dice): TornImage {
  const { random } = dice;
  const kind = random();
  if (kind < 0.45) {
    const database = mixedDatabase([before, during], dice);
    return { stage: 'unsynced', database, journal: unsyncedJournal(journal, dice), expected: 'before' };
  }
  if (kind < 0.55) {
    const database = mixedDatabase([before, during], dice);
    return { stage: 'header', database, journal: halfSealedJournal(journal, random), expected: 'before' };
  }
  if (kind < 0.95) {
    const database = mixedDatabase([before, during, after], dice);
    return { stage: 'synced', database, journal: journal.sealed, expected: 'before' };
  }
  return { stage: 'finished', database: after, journal: new Uint8Array(0), expected: 'after' };
}
