import { kindRule } from '../kinds.ts';
import { foldAuthority } from './fold-authority.ts';
import { foldRecord, isFoldedIn, unfoldRecord } from './fold-record.ts';
import type { FoldOutcome, FoldStep } from './fold-step.ts';
import { judge } from './judge.ts';
import { quarantine, release } from './quarantine.ts';
import type { Rows } from './tables.ts';
import { isFolded } from './touched-rows.ts';

/** Finds the entries that `targetsOf` names, as far as they are held. */
export type FindStep = (h: string) => FoldStep | undefined;

/**
 * Folds one entry into the rows; pure but for them. Placed entries come in the hub's order, each once and with the body that
 * is known by then: those of authority kinds always have theirs. An entry of this device without a place may come at any
 * time, and again when it has one. `rows` must hold what `touchedRows` names, of the entry and of its targets.
 */
export function foldEntry(rows: Rows, step: FoldStep, find: FindStep): FoldOutcome {
  const { entry, place } = step;
  if (!isFolded(entry.kind)) return 'opaque';
  const isOfDevice = kindRule(entry.kind)?.writer === 'device';
  if (place === null) {
    if (!isOfDevice) return 'opaque';
    foldRecord(rows, step);
    return 'counted';
  }
  const reason = judge(rows, step);
  if (reason !== undefined) {
    unfoldRecord(rows, step);
    quarantine(rows, step, reason);
    return 'quarantined';
  }
  if (isOfDevice) foldRecord(rows, step);
  else if (!foldHubEntry(rows, step, find)) {
    quarantine(rows, step, 'unreadable');
    return 'quarantined';
  }
  return 'counted';
}

/** The body came later, or was taken away: completes what the entry's header made, and makes nothing new. */
export function foldBody(rows: Rows, step: FoldStep): void {
  if (isFoldedIn(rows, step)) foldRecord(rows, step);
}

function foldHubEntry(rows: Rows, step: FoldStep, find: FindStep): boolean {
  const { entry, body, place } = step;
  if (body === null) return false;
  switch (entry.kind) {
    case 'body.erased':
      return erase(rows, step, find);
    case 'entry.quarantined':
    case 'entry.released': {
      const target = find(entry.entity);
      const counts = target !== undefined && kindRule(target.entry.kind)?.writer === 'device';
      // What only the hub may write is not made true by an administrator's word; what has no place is not judged yet.
      if (!counts || target.place === null || place === null) return true;
      if (entry.kind === 'entry.quarantined') {
        unfoldRecord(rows, target);
        quarantine(rows, target, 'held');
      } else if (isFolded(target.entry.kind)) {
        release(rows, target.h);
        foldRecord(rows, target);
      }
      return true;
    }
    default:
      return foldAuthority(rows, { ...step, body });
  }
}

function erase(rows: Rows, { entry }: FoldStep, find: FindStep): boolean {
  const targets = entry.basedOn.flatMap((h) => {
    const target = find(h);
    return target?.entry.bodyHash === entry.entity ? [target] : [];
  });
  // Rights are replayed for ever, so what they rest on stays.
  if (targets.some((target) => kindRule(target.entry.kind)?.erasable === false)) return false;
  rows.set('erased', entry.entity, { clear: {}, personal: {} });
  for (const target of targets) foldBody(rows, { ...target, body: null });
  return true;
}
