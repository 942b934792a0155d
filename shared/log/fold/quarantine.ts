import { unknownDevices } from './touched-rows.ts';
import type { FoldStep } from './fold-step.ts';
import type { QuarantineReason, Rows } from './tables.ts';

/** How many entries of one device wait by name; more are only counted, so that a flood does not fill the list. */
export const quarantineQuota = 100;

/** Lists an entry that does not count, or counts it when its device has filled its quota. */
export function quarantine(rows: Rows, { h, entry, place }: FoldStep, reason: QuarantineReason): void {
  const before = rows.get('quarantine', h);
  if (before !== undefined && !before.clear.released) return;
  const key = rows.get('devices', entry.device) === undefined ? unknownDevices : entry.device;
  const { listed, more } = rows.get('quarantineCounts', key)?.clear ?? { listed: 0, more: 0 };
  // The hub's own word is never lost in a flood.
  const isListed = listed < quarantineQuota || reason === 'held';
  const counts = isListed ? { listed: listed + 1, more } : { listed, more: more + 1 };
  rows.set('quarantineCounts', key, { clear: counts, personal: {} });
  if (!isListed) return;
  const { kind, entity, actor, device } = entry;
  const clear = {
    kind,
    entity,
    actor,
    device,
    effTs: place?.effTs ?? 0,
    reason,
    countedAs: key,
    released: false,
  };
  rows.set('quarantine', h, { clear, personal: {} });
}

/** Frees the place in the list. Nothing happens to one that is not listed. */
export function release(rows: Rows, h: string): void {
  const row = rows.get('quarantine', h);
  if (row === undefined || row.clear.released) return;
  rows.set('quarantine', h, { ...row, clear: { ...row.clear, released: true } });
  const key = row.clear.countedAs;
  const counts = rows.get('quarantineCounts', key);
  if (counts === undefined) return;
  rows.set('quarantineCounts', key, {
    ...counts,
    clear: { ...counts.clear, listed: counts.clear.listed - 1 },
  });
}
