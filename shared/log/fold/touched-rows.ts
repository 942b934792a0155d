import type { Entry } from '../entry.ts';
import { kindRule } from '../kinds.ts';
import { isResultKey } from './result-key.ts';
import type { RowRef } from './tables.ts';

/** Under which name entries of devices that were never enrolled are counted: keys cost nothing, so each would have a quota. */
export const unknownDevices = 'unknown';

/** Whether the kind is folded at all; others are kept, passed on and left alone. */
export function isFolded(kind: string): boolean {
  return kindRule(kind) !== undefined && !kind.startsWith('audit.');
}

/** The row that the entry is about. */
export function subjectOf({ kind, entity, actor }: Entry): RowRef | undefined {
  switch (kind) {
    case 'image.added':
    case 'review.added':
    case 'review.adjudicated':
      return { table: 'images', key: entity };
    case 'result.added':
      return { table: 'results', key: entity };
    case 'entity.tombstoned':
      return { table: isResultKey(entity) ? 'results' : 'images', key: entity };
    case 'preference.set':
      return { table: 'preferences', key: `${actor}/${entity}` };
    case 'user.approved':
    case 'user.role-set':
    case 'user.disabled':
      return { table: 'users', key: entity };
    case 'device.enrolled':
    case 'device.forked':
    case 'device.revoked':
      return { table: 'devices', key: entity };
    case 'model.activated':
    case 'model.retired':
      return { table: 'models', key: entity };
    case 'operating-point.set':
      return { table: 'operatingPoints', key: entity };
    case 'body.erased':
      return { table: 'erased', key: entity };
    case 'entry.quarantined':
    case 'entry.released':
      return { table: 'quarantine', key: entity };
    default:
      return undefined;
  }
}

/** Every row that folding this entry may read or write; the same one may be named twice. */
export function touchedRows(h: string, entry: Entry): RowRef[] {
  if (!isFolded(entry.kind)) return [];
  const subject = subjectOf(entry);
  return [
    ...(subject === undefined ? [] : [subject]),
    { table: 'devices', key: entry.device },
    { table: 'users', key: entry.actor },
    { table: 'quarantine', key: h },
    { table: 'quarantineCounts', key: entry.device },
    { table: 'quarantineCounts', key: unknownDevices },
    ...(entry.bodyHash === null ? [] : [{ table: 'erased' as const, key: entry.bodyHash }]),
  ];
}

/** Other entries that this one makes count, or count no more: their rows are touched too. */
export function targetsOf({ kind, entity, basedOn }: Entry): readonly string[] {
  if (kind === 'entry.quarantined' || kind === 'entry.released') return [entity];
  return kind === 'body.erased' ? basedOn : [];
}
