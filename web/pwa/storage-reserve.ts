import type { StorageFacts } from './storage-facts.ts';

/**
 * Room that no new study is let into: what is here has still to be read, reviewed, synced and, when it is damaged, fetched
 * again, and a database needs room to delete, too. 5 % of what the browser allows; at least 200 MB, as much as some ten films
 * with everything about them; at most 1 GB, for on a large disk 5 % would be refused for nothing. Where a browser allows
 * little, a fifth of it.
 */
export function reserveBytes(quotaBytes: number): number {
  const wanted = Math.min(1e9, Math.max(200e6, 0.05 * quotaBytes));
  return Math.floor(Math.min(wanted, quotaBytes / 5));
}

/** From how many reserves on it is said that room gets scarce. */
const warnedAt = 4;
/** A film as it comes from the machine, where none is here to judge by. */
const usualFilmBytes = 12e6;

export interface StorageRoom {
  readonly freeBytes: number;
  readonly reserveBytes: number;
  /** `none`: no new study is taken. */
  readonly state: 'ample' | 'scarce' | 'none';
  /** How many more films of the size of those that are here are taken. */
  readonly films: number;
}

/** A browser that allows less keeps no work that a reserve would protect: it shows results and keeps none. */
const leastQuotaBytes = 50e6;

/** Undefined where the browser does not say, or allows next to nothing. @param filmBytes of the films that are here */
export function storageRoom(
  { usageBytes, quotaBytes }: Pick<StorageFacts, 'usageBytes' | 'quotaBytes'>,
  filmBytes: readonly number[] = [],
): StorageRoom | undefined {
  if (usageBytes === undefined || quotaBytes === undefined || quotaBytes < leastQuotaBytes) return undefined;
  const freeBytes = Math.max(0, quotaBytes - usageBytes);
  const reserve = reserveBytes(quotaBytes);
  const known = filmBytes.filter((bytes) => bytes > 0);
  const mean = known.reduce((sum, bytes) => sum + bytes, 0) / known.length;
  const films = Math.max(0, Math.floor((freeBytes - reserve) / (known.length === 0 ? usualFilmBytes : mean)));
  const state = films === 0 ? 'none' : freeBytes < warnedAt * reserve ? 'scarce' : 'ample';
  return { freeBytes, reserveBytes: reserve, state, films };
}

export interface Reserve {
  /** Whether there is room for a new file beside the reserve. True where the browser does not say. */
  take(bytes: number): Promise<boolean>;
}

/** The browser is asked again after so many files: others fill the disk, too. */
const asksEvery = 50;

export function openReserve(readFacts: () => Promise<StorageFacts>): Reserve {
  let leftBytes = 0;
  let taken = asksEvery;
  return {
    async take(bytes) {
      if (taken >= asksEvery || leftBytes < bytes) {
        const room = storageRoom(await readFacts());
        leftBytes = room === undefined ? Number.POSITIVE_INFINITY : room.freeBytes - room.reserveBytes;
        taken = 0;
      }
      if (leftBytes < bytes) return false;
      leftBytes -= bytes;
      taken++;
      return true;
    },
  };
}
