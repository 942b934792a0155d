import type { EntryRecord } from './device-tables.ts';

/** Greater than any place: what never had one is sent after what had. */
const unplacedRank = 1e12;

/** An entry that the hub has not placed yet, to be sent. */
export function unplacedRecord({
  h,
  entry,
  vouched,
}: Pick<EntryRecord, 'h' | 'entry' | 'vouched'>): EntryRecord {
  const rank = unplacedRank + entry.ts[0];
  return { h, entry, rank, vouched, queued: true, place: null, receiptIndex: null, code: null };
}
