import type { EntryRecord } from '../../shared/log/device-tables.ts';

/**
 * An entry as it lies in the database. An index leaves out whoever lacks a member of it: so each of the last three members
 * is there only where it says something, and its index is as long as the list that it makes.
 */
export interface StoredEntry {
  readonly h: string;
  readonly device: string;
  readonly n: number;
  readonly entry: EntryRecord['entry'];
  readonly rank: number;
  readonly place: EntryRecord['place'];
  readonly vouched: boolean;
  readonly receiptIndex: number | null;
  /** In the outbox, also when it is set aside. */
  readonly queued: boolean;
  /** The rank of one that is to be sent. */
  readonly sendRank?: number;
  /** Neither placed, nor in the outbox, nor set aside. */
  readonly waits?: 1;
  /** Why it was set aside. */
  readonly code?: string;
}

export function storedOf({
  h,
  entry,
  rank,
  queued,
  place,
  vouched,
  receiptIndex,
  code,
}: EntryRecord): StoredEntry {
  const { device, n } = entry;
  const list =
    code !== null ? { code } : queued ? { sendRank: rank } : place === null ? { waits: 1 as const } : {};
  return { h, device, n, entry, rank, place, vouched, receiptIndex, queued, ...list };
}

export function recordOf({
  h,
  entry,
  rank,
  queued,
  place,
  vouched,
  receiptIndex,
  code,
}: StoredEntry): EntryRecord {
  return { h, entry, rank, queued, place, vouched, receiptIndex, code: code ?? null };
}

export const recordsOf = (stored: StoredEntry | undefined): EntryRecord[] =>
  stored === undefined ? [] : [recordOf(stored)];
