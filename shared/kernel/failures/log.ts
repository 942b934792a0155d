import type { Failure } from './failure.ts';

export const logFailures = {
  'log.bad-entry': { status: 422, title: 'A record was not made correctly and was not taken.', retry: false },
  'log.bad-hash': { status: 422, title: 'A record does not match its name and was not taken.', retry: false },
  'log.bad-signature': {
    status: 422,
    title: 'A record is not signed by the device that it names.',
    retry: false,
  },
  'log.false-witness': {
    status: 422,
    title: 'A record speaks of records that the hub never had, and was not taken.',
    retry: false,
  },
  'log.unsigned': {
    status: 422,
    title: 'A record is not covered by a signature of its device yet.',
    retry: true,
  },
  'log.missing-parent': {
    status: 409,
    title: 'An earlier record of the same device has not arrived yet.',
    retry: true,
  },
  'log.bad-body': { status: 422, title: 'The content of a record does not match it.', retry: false },
  'log.body-erased': { status: 410, title: 'The content of this record has been erased.', retry: false },
  'log.head-moved': { status: 409, title: 'Another window wrote first; nothing was lost.', retry: true },
  'log.forked': {
    status: 409,
    title: 'This device was restored from a copy; it must be enrolled again.',
    retry: false,
  },
  'log.chain-broken': {
    status: 409,
    title: 'The hub refused a record of this device; it must be enrolled again.',
    retry: false,
  },
  'log.hub-inconsistent': {
    status: 502,
    title: 'The hub contradicts what it signed earlier. Nothing of it was taken.',
    retry: false,
  },
  'log.unreadable': {
    status: 422,
    title: 'This is not an export of the records, or it is cut off.',
    retry: false,
  },
  'log.unknown-entry': { status: 404, title: 'The hub does not have this record.', retry: false },
  'sync.other-clinic': { status: 403, title: 'This belongs to another clinic.', retry: false },
  'sync.client-too-old': {
    status: 426,
    title: 'This version of Fieldray is too old for the hub.',
    retry: false,
  },
  'sync.unknown-device': { status: 403, title: 'This device is not enrolled here.', retry: false },
  'sync.revoked-device': {
    status: 403,
    title: 'This device has been shut out by an administrator.',
    retry: false,
  },
  'sync.too-many': { status: 413, title: 'Too many records at once.', retry: false },
  'sync.grant-expired': {
    status: 403,
    title:
      'This device has been away from the hub for too long to sign readings; what it holds can be read and sent.',
    retry: true,
  },
  'sync.slow-down': { status: 429, title: 'The hub is busy; it goes on by itself.', retry: true },
  'sync.stale-epoch': {
    status: 409,
    title: 'The hub was restored from a copy; everything is compared again.',
    retry: true,
  },
} as const satisfies Record<string, Failure>;
