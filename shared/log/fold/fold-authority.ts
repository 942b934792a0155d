import type { Body, Entry } from '../entry.ts';
import { readBody } from './read-body.ts';
import type { FoldStep } from './fold-step.ts';
import type { DeviceRow, Rows } from './tables.ts';

/** Places of forks that are told one by one; a device with more has long been told to enrol again. */
const mostForks = 64;

/**
 * Facts about people, devices and models; the hub alone writes them, so each is the truth from its place on.
 * @returns false when the body does not say what the kind needs
 */
export function foldAuthority(rows: Rows, step: FoldStep & { readonly body: Body }): boolean {
  const { entry, body } = step;
  switch (entry.kind) {
    case 'user.approved':
    case 'user.role-set': {
      const said = readBody(entry.kind, body);
      if (said !== undefined) rows.set('users', entry.entity, { clear: { role: said.role }, personal: {} });
      return said !== undefined;
    }
    case 'user.disabled':
      rows.set('users', entry.entity, { clear: { role: null }, personal: {} });
      return true;
    case 'device.enrolled':
      return enrol(rows, step);
    case 'device.forked':
      return markFork(rows, entry, body);
    case 'device.revoked':
      changeDevice(rows, entry.entity, { revoked: true });
      return true;
    case 'model.activated': {
      const said = readBody('model.activated', body);
      if (said !== undefined) {
        rows.set('models', entry.entity, { clear: { ...said, active: true }, personal: {} });
      }
      return said !== undefined;
    }
    case 'model.retired': {
      const row = rows.get('models', entry.entity);
      if (row !== undefined)
        rows.set('models', entry.entity, { ...row, clear: { ...row.clear, active: false } });
      return true;
    }
    case 'operating-point.set': {
      const said = readBody('operating-point.set', body);
      if (said !== undefined) rows.set('operatingPoints', entry.entity, { clear: said, personal: {} });
      return said !== undefined;
    }
    default:
      throw new TypeError(`${entry.kind} gives no right`);
  }
}

function enrol(rows: Rows, { h, entry, body, vouched }: FoldStep & { readonly body: Body }): boolean {
  const said = readBody('device.enrolled', body);
  if (said === undefined || (said.role === 'hub') !== vouched) return false;
  const before = rows.get('devices', entry.entity);
  const people = new Set(before?.clear.people).add(entry.actor);
  rows.set('devices', entry.entity, {
    clear: {
      role: before?.clear.role === 'hub' ? 'hub' : said.role,
      // Whoever was shut out comes back with a new key, never with the old one.
      revoked: before?.clear.revoked ?? false,
      people: [...people].sort(),
      forks: before?.clear.forks ?? [],
    },
    personal: { ...before?.personal, [h]: { name: said.name } },
  });
  return true;
}

function markFork(rows: Rows, { entity }: Entry, body: Body): boolean {
  const said = readBody('device.forked', body);
  if (said === undefined) return false;
  const before = rows.get('devices', entity)?.clear.forks ?? [];
  const same = before.find(({ n }) => n === said.n);
  const fork = { n: said.n, hs: [...new Set([...(same?.hs ?? []), ...said.hs])].sort() };
  const forks = [...before.filter(({ n }) => n !== said.n), fork].sort((a, b) => a.n - b.n);
  changeDevice(rows, entity, { forks: forks.slice(0, mostForks) });
  return true;
}

/** A device of which nothing is known stays unknown: only its enrolment makes it one. */
function changeDevice(rows: Rows, id: string, change: Partial<DeviceRow>): void {
  const row = rows.get('devices', id);
  if (row !== undefined) rows.set('devices', id, { ...row, clear: { ...row.clear, ...change } });
}
