import { kindRule } from '../kinds.ts';
import type { FoldStep } from './fold-step.ts';
import { isCrowded } from './fold-record.ts';
import type { DeviceRow, QuarantineReason, Rows } from './tables.ts';

/**
 * Why an entry does not count, by the rights in force at its place; undefined when it counts. The rows say what the entries
 * before it made of them.
 */
export function judge(rows: Rows, step: FoldStep): QuarantineReason | undefined {
  const device = rows.get('devices', step.entry.device)?.clear;
  return kindRule(step.entry.kind)?.writer === 'hub'
    ? judgeHubEntry(device, step)
    : judgeDeviceEntry(rows, device, step);
}

function judgeHubEntry(
  device: DeviceRow | undefined,
  { entry, body, vouched }: FoldStep,
): QuarantineReason | undefined {
  if (body === null) return 'unreadable';
  const makesItself = entry.kind === 'device.enrolled' && entry.entity === entry.device;
  if (makesItself && vouched && device?.revoked !== true) return undefined;
  if (makesItself && device === undefined) return 'not-vouched';
  return device?.role === 'hub' && !device.revoked ? undefined : 'not-by-the-hub';
}

function judgeDeviceEntry(
  rows: Rows,
  device: DeviceRow | undefined,
  step: FoldStep,
): QuarantineReason | undefined {
  const { actor, kind } = step.entry;
  if (device === undefined) return 'unknown-device';
  if (device.revoked) return 'revoked-device';
  const isHub = device.role === 'hub';
  if (!isHub && !device.people.includes('hub') && !device.people.includes(actor)) return 'other-person';
  if (!(isHub && actor === 'hub')) {
    const role = rows.get('users', actor)?.clear.role ?? undefined;
    if (role === undefined || kindRule(kind)?.roles.includes(role) !== true) return 'no-right';
  }
  return isCrowded(rows, step) ? 'too-many' : undefined;
}
