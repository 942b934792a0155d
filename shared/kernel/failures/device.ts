import type { Failure } from './failure.ts';

export const deviceFailures = {
  'device.bad-proof': {
    status: 403,
    title: 'The device could not show that its key is its own.',
    retry: false,
  },
  'device.gpu-lost': {
    status: 503,
    title: 'The graphics processor of this device stopped while it was computing.',
    retry: true,
  },
  'device.unsupported': {
    status: 501,
    title: 'This browser lacks something that Fieldray needs.',
    retry: false,
  },
  'network.unreachable': { status: 503, title: 'The hub does not answer.', retry: true },
  'page.outdated': {
    status: 409,
    title: 'This page is older than the hub that it came from.',
    retry: false,
  },
  'storage.full': { status: 507, title: 'This device has no room left to keep it.', retry: true },
  'storage.reserve': {
    status: 507,
    title: 'This device is nearly full: it takes no more X-rays.',
    retry: true,
  },
  'storage.unavailable': {
    status: 503,
    title: 'This browser does not let Fieldray keep anything on the device.',
    retry: true,
  },
  'storage.sealed': {
    status: 500,
    title: 'Something stored here cannot be opened: it was altered, or the key is another one.',
    retry: false,
  },
  'storage.newer': {
    status: 503,
    title: 'These records were written by a newer version of Fieldray.',
    retry: false,
  },
  'storage.older': {
    status: 503,
    title: 'These records have to be brought up to date first: npx fieldray migrate.',
    retry: true,
  },
  'storage.damaged': {
    status: 500,
    title: 'The stored records are damaged. Please restore a backup.',
    retry: false,
  },
  'storage.uncertain': {
    status: 503,
    title: 'Whether this was kept is not known yet. Please try again.',
    retry: true,
  },
  'storage.closed': { status: 503, title: 'Fieldray is being stopped.', retry: true },
  'storage.in-use': {
    status: 503,
    title: 'Another program has these records open.',
    retry: true,
  },
} as const satisfies Record<string, Failure>;
