import { errorEntry } from '../../../shared/kernel/errors.ts';
import type { SyncNote } from '../../engine/records-api.ts';

export interface SyncWords {
  readonly kind: 'settled' | 'open' | 'stopped';
  readonly title: string;
  readonly next?: string;
}

const records = (count: number): string =>
  count === 1 ? '1 record' : `${count.toLocaleString('en')} records`;

/** What the hub does not have. */
export interface OnlyHere {
  readonly records: number;
  /** 1000 stands for as many or more. */
  readonly pictures: number;
}

const mostCounted = 1000;

function pictures(count: number): string {
  if (count >= mostCounted) return `${mostCounted.toLocaleString('en')} pictures or more`;
  return count === 1 ? '1 picture' : `${count} pictures`;
}

/** What is only here, in one short sentence. */
export function onlyHereInWords(only: OnlyHere): string {
  const parts = [
    ...(only.records === 0 ? [] : [records(only.records)]),
    ...(only.pictures === 0 ? [] : [pictures(only.pictures)]),
  ];
  return parts.length === 0
    ? 'Nothing is only on this device.'
    : `${parts.join(' and ')} only on this device.`;
}

/** @param broken the device has to be enrolled anew before it can say anything */
export function syncInWords(sync: SyncNote, only: OnlyHere, broken: boolean): SyncWords {
  if (broken) {
    return {
      kind: 'stopped',
      title: 'This device was copied or restored from a copy.',
      next: 'Nothing is lost. Lock it, then sign in again while the hub is in reach: it gets a new key.',
    };
  }
  switch (sync.state) {
    case 'settled':
      return only.records + only.pictures === 0
        ? { kind: 'settled', title: 'Everything is at the hub.' }
        : { kind: 'open', title: 'Being sent to the hub.' };
    case 'waiting':
      return {
        kind: 'open',
        title: sync.code === 'network.unreachable' ? 'The hub is not in reach.' : errorEntry(sync.code).title,
        next: 'Go on working. It is sent by itself as soon as that is possible.',
      };
    case 'stopped':
      return {
        kind: 'stopped',
        title: errorEntry(sync.code).title,
        next: 'Nothing is lost. Lock this device and sign in again while the hub is in reach.',
      };
    case 'resting':
      return { kind: 'open', title: 'The hub has not been asked yet.' };
  }
}
